/**
 * What an operation is: one definition, from which the stack, the local server and the
 * documents are generated.
 */
import type * as z from "zod";
import type { Clock } from "../model/clock.ts";
import type { Minor, VersionText } from "../model/microversion.ts";
import type { RefusalClass } from "../model/refusal.ts";
import type { Store } from "../store/store.ts";
import type { DynamoDBAction } from "../store/table/connection.ts";
import type { Answer, Change } from "./answer.ts";
import type { Configuration } from "./configuration.ts";
import type { FeedWatch } from "./feed-watch.ts";
import type { Identity } from "./identity.ts";
import type { OwnRequests } from "./own-requests.ts";
import type { ParsedBy, ParsedParams, ParserOf, Parsers } from "./path-parameters.ts";
import type { Target } from "./policy/check.ts";
import type { Query } from "./query.ts";

/** Media types of answers that are text. */
export type TextType = `text/plain; ${string}`;

/** Metrics of the process that serves, in Prometheus' text format; ends with a line break. */
export type OwnMetrics = () => Promise<string>;

export type Method = "GET" | "POST" | "PUT" | "DELETE";
export type Route = `${Method} /${string}` | "$default";

/** Schemas by the microversion from which on each applies; null: no body is read. */
export type ByVersion = { readonly [since: VersionText]: z.ZodType | null };

/**
 * Schemas of answers by the microversion from which on each applies, and by status; null: no body.
 * They are for the documents and their tests: answers are not validated when they are served.
 */
export type Answers = {
  readonly [since: VersionText]: { readonly [status: number]: z.ZodType | null };
};

/**
 * A request as an operation sees it: parsed, permitted, at a served microversion.
 * `Params` are the parsed parameters of the path by name.
 */
export interface OperationRequest<Body = unknown, Params = ParsedParams> {
  readonly version: Minor;
  readonly method: string;
  /** The decoded path, for requests that no route matches. */
  readonly path: string;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly identity: Identity | undefined;
  /** Whether the operation's rule permits the caller to do this to `target`, too. */
  permits(target: Target): boolean;
  /** Milliseconds for which a lease begins; undefined: none does. */
  readonly lease?: number;
  /** The life that the consumer has to be living; undefined: any. */
  readonly life?: string;
}

/** Headers about a consumer's lease and life; see `lease-headers.ts`. */
export type LeaseHeader = "lease" | "life";

export interface Services {
  readonly store: Store;
  readonly clock: Clock;
  readonly configuration: Configuration;
  readonly feed: FeedWatch;
  /** As in the runtime. */
  readonly ownMetrics?: OwnMetrics;
  readonly ownRequests?: OwnRequests;
}

export interface Operation<Body = unknown, Params = ParsedParams> {
  readonly kind: "operation";
  /** The path of its file under `functions/`, without `.ts`. */
  readonly id: string;
  readonly summary: string;
  readonly route: Route;
  /** A parser for each parameter of the route. */
  readonly params?: Parsers;
  /** A POST that only reads: its question is too long for a URL. */
  readonly reads?: true;
  /**
   * A path and method that Placement does not have: without this query parameter the answer is
   * Placement's, 405 with the other methods of the path.
   */
  readonly onlyWith?: { readonly parameter: string; readonly otherwise: readonly Method[] };
  /** The first microversion that has it; below that, the answer is 404. */
  readonly since: VersionText;
  /** The status below `since`, where it is not 404. */
  readonly missingStatus?: 405;
  /** The policy rule; without one it is open to everybody and needs no token. */
  readonly rule?: `placement:${string}`;
  /** The rules of what the query asks for beside that; the caller has to pass them all. */
  alsoRules?(query: Query): readonly `placement:${string}`[];
  /** The target of the policy rule is the query's project instead of the caller's. */
  readonly target?: "query";
  /** Exactly what it may do to the table; its IAM policy is generated from it. */
  readonly access: readonly DynamoDBAction[];
  readonly body?: ByVersion;
  readonly query?: ByVersion;
  /** A write that takes these headers; other writes refuse them. */
  readonly takes?: readonly LeaseHeader[];
  /** A GET that ignores the header `Accept`. */
  readonly ignoresAccept?: true;
  /** Of its answers, refusals aside. Default: JSON. */
  readonly mediaType?: TextType;
  /** Looks up the subject of the path, before a bad body or query is refused: 404 first. */
  subject?(request: OperationRequest<unknown, Params>, services: Services): Promise<void>;
  /** For the log: the names in the body of what is acted upon, in addition to the path's. */
  actsOn?(body: Body): readonly string[];
  /** Documented as our extension, not part of Placement. */
  readonly extension?: true;
  /** The schemas of its answers, refusals aside. */
  readonly answers?: Answers;
  /** Headers that only its answers have, each with a description. */
  readonly answerHeaders?: Readonly<Record<string, string>>;
  readonly refusals: readonly RefusalClass[];
  /** Answers, or returns the change that is to be committed and answered. */
  run(request: OperationRequest<Body, Params>, services: Services): Promise<Answer | Change>;
}

/** The names of the parameters in a path: `uuid` of `/resource_providers/{uuid}`. */
type NamesIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

type NoSchemas = Readonly<Record<never, null>>;

/** What the schemas of a body parse to, at any of their versions; undefined: no body is read. */
type BodyOf<Schemas extends ByVersion> = [keyof Schemas] extends [never]
  ? undefined
  : {
      [Since in keyof Schemas]: Schemas[Since] extends z.ZodType<infer Body> ? Body : undefined;
    }[keyof Schemas];

/** What a definition states beside its route, body and parameters. */
type Stated<Body, Params> = Omit<Operation<Body, Params>, "kind" | "route" | "body" | "params">;

/** A parser for each parameter of the path; nothing where it has none. */
type Parsing<Path extends Route, Given> = [NamesIn<Path>] extends [never]
  ? { readonly params?: never }
  : { readonly params: Given };

/**
 * Declares an operation. The type of its body follows from its schemas, a union over their
 * versions; the types of its path parameters from their parsers.
 */
export function defineOperation<
  const Path extends Route,
  Given extends Parsers & Readonly<Record<NamesIn<Path>, ParserOf<unknown>>>,
  Schemas extends ByVersion = NoSchemas,
>(
  definition: Stated<BodyOf<Schemas>, ParsedBy<Given>> & {
    readonly route: Path;
    readonly body?: Schemas;
  } & Parsing<Path, Given>,
): Operation<BodyOf<Schemas>, ParsedBy<Given>> {
  return { kind: "operation", ...definition };
}

/** An operation in a list, where its body and its parameters are of any type. */
export type AnyOperation = Operation;

export function methodOf({ route }: AnyOperation): string {
  const gap = route.indexOf(" ");
  return gap === -1 ? route : route.slice(0, gap);
}

export function pathOf({ route }: AnyOperation): string {
  return route.slice(route.indexOf(" ") + 1);
}

/** Whether it changes nothing, whatever its method. */
export function isRead(operation: AnyOperation): boolean {
  return methodOf(operation) === "GET" || operation.reads === true;
}

/** The answers of an operation that only reports success. */
export const NO_CONTENT: Answers = { "1.0": { 204: null } };
