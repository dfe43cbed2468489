/**
 * What an operation is: one definition from which the stack, the local server
 * and the documents are made.
 */
import type * as z from "zod";
import type { Clock } from "../model/clock.ts";
import type { Minor, VersionText } from "../model/microversion.ts";
import type { RefusalClass } from "../model/refusal.ts";
import type { MaintenanceStore } from "../store/maintenance-store.ts";
import type { Store } from "../store/store.ts";
import type { DynamoDBAction } from "../store/table/connection.ts";
import type { Configuration } from "./configuration.ts";
import type { Identity } from "./identity.ts";
import type { PreparedBody } from "./prepared.ts";
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

/** A request as an operation sees it: parsed, permitted, at a served microversion. */
export interface OperationRequest<Body = unknown> {
  readonly version: Minor;
  readonly method: string;
  /** The decoded path, for what no route takes. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
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

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  /** Instead of a body: one that is the same in every answer. */
  readonly prepared?: PreparedBody;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds since 1970; with it the answer carries `Cache-Control: no-cache` from 1.15. */
  readonly lastModified?: number | "unknown";
}

export interface Operation<Body = unknown> {
  readonly kind: "operation";
  /** The path of its file under `functions/`, without `.ts`. */
  readonly id: string;
  readonly summary: string;
  readonly route: Route;
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
  subject?(request: OperationRequest<unknown>, services: Services): Promise<void>;
  /** For the log: what a body names that is acted upon, beside the path's parameters. */
  actsOn?(body: Body): readonly string[];
  /** Documented as an extension of ours, not of Placement. */
  readonly extension?: true;
  /** What it answers when nothing is refused. */
  readonly answers?: Answers;
  /** Headers that only its own answers may have, and what each says. */
  readonly answerHeaders?: Readonly<Record<string, string>>;
  readonly refusals: readonly RefusalClass[];
  run(request: OperationRequest<Body>, services: Services): Promise<Answer>;
}

/** Declares an operation; `Body` is what its schemas parse to. */
export function defineOperation<Body = undefined>(
  definition: Omit<Operation<Body>, "kind">,
): Operation<Body> {
  return { kind: "operation", ...definition };
}

/** What a task works with. It reports each change as it makes it, since it may be cut off. */
export interface TaskServices extends Services {
  readonly store: MaintenanceStore;
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

/** Anything that is deployed as a function of its own. */
// biome-ignore lint/suspicious/noExplicitAny: lists hold operations of every body
export type AnyOperation = Operation<any>;
// biome-ignore lint/suspicious/noExplicitAny: lists hold tasks of every input
export type AnyTask = Task<any, any>;

export function methodOf(operation: AnyOperation): string {
  return operation.route.split(" ")[0] ?? "";
}

export function pathOf(operation: AnyOperation): string {
  return operation.route.split(" ")[1] ?? operation.route;
}

/** The answers of an operation that says nothing but that it is done. */
export const NO_CONTENT: Answers = { "1.0": { 204: null } };

export const noContent = (): Answer => ({ status: 204 });
