/**
 * What an operation is: one definition from which the stack, the local server
 * and the documents are made.
 */
import type * as z from "zod";
import type { Clock } from "../model/clock.ts";
import type { Minor, VersionText } from "../model/microversion.ts";
import type { RefusalClass } from "../model/refusal.ts";
import type { Store } from "../store/store.ts";
import type { DynamoDBAction } from "../store/table/connection.ts";
import type { Answer, Change } from "./answer.ts";
import type { Configuration } from "./configuration.ts";
import type { Identity } from "./identity.ts";
import type { ParsedBy, ParsedParams, ParserOf, Parsers } from "./path-parameters.ts";
import type { Query } from "./query.ts";

export type Method = "GET" | "POST" | "PUT" | "DELETE";
export type Route = `${Method} /${string}` | "$default";

/** Schemas by the microversion from which each is in force; null: no body is read. */
export type ByVersion = { readonly [since: VersionText]: z.ZodType | null };

/**
 * Schemas of answers by the microversion from which each is in force, by status;
 * null: no body. They are for the documents and their tests: no answer is
 * checked while it is served.
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
  /** Scheme and host, for `Location`; empty on direct invocation. */
  readonly origin: string;
}

export interface Services {
  readonly store: Store;
  readonly clock: Clock;
  readonly configuration: Configuration;
}

export interface Operation<Body = unknown, Params = ParsedParams> {
  readonly kind: "operation";
  /** The path of its file under `functions/`, without `.ts`. */
  readonly id: string;
  readonly summary: string;
  readonly route: Route;
  /** A parser for each parameter of the route. */
  readonly params?: Parsers;
  /** The first microversion that has it; below, the answer is 404. */
  readonly since: VersionText;
  /** The status below `since`, where it is not 404. */
  readonly missingStatus?: 405;
  /** The policy rule; none: open to everybody, without a token. */
  readonly rule?: `placement:${string}`;
  /** The policy's target: the query's project instead of the caller's. */
  readonly target?: "query";
  /** Exactly what it may do to the table; the IAM policy follows from it. */
  readonly access: readonly DynamoDBAction[];
  readonly body?: ByVersion;
  readonly query?: ByVersion;
  /** A GET that answers whatever the client accepts. */
  readonly ignoresAccept?: true;
  /** Looked up before a bad body or query is refused: an unknown one is 404 first. */
  subject?(request: OperationRequest<unknown, Params>, services: Services): Promise<void>;
  /** For the log: what a body names that is acted upon, beside the path's parameters. */
  actsOn?(body: Body): readonly string[];
  /** Documented as an extension of ours, not of Placement. */
  readonly extension?: true;
  /** What it answers when nothing is refused. */
  readonly answers?: Answers;
  /** Headers that only its own answers may have, and what each says. */
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

/** What a task works with. It tells what it changes as it goes on: it may be cut off. */
export interface TaskServices extends Services {
  readonly changed: Changed;
}

/** Takes the uuids of providers and consumers, or the keys of other records, for the log. */
export type Changed = (...names: readonly string[]) => void;

/** A function that is invoked directly or on a schedule, and has no route. */
export interface Task<Input = unknown, Output = unknown> {
  readonly kind: "task";
  readonly id: string;
  readonly summary: string;
  readonly access: readonly DynamoDBAction[];
  readonly input: z.ZodType<Input>;
  run(input: Input, services: TaskServices): Promise<Output>;
}

export function defineTask<Input, Output>(
  definition: Omit<Task<Input, Output>, "kind">,
): Task<Input, Output> {
  return { kind: "task", ...definition };
}

/** An operation in a list, where its body and its parameters are of any type. */
export type AnyOperation = Operation;
/** A task in a list, where its input is of any type. */
export type AnyTask = Task;

export function methodOf(operation: AnyOperation): string {
  return operation.route.split(" ")[0] ?? "";
}

export function pathOf(operation: AnyOperation): string {
  return operation.route.split(" ")[1] ?? operation.route;
}

/** The answers of an operation that says nothing but that it is done. */
export const NO_CONTENT: Answers = { "1.0": { 204: null } };
