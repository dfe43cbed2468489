/** How calls travel: over HTTP, or by direct invocation of a Lambda function. */
import type { QueryValue, Version } from "./generated/operations.ts";
import type { Clock } from "./platform.ts";
import type { OperationId } from "./types.ts";

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** A call, before it is put into the form of its transport. */
export interface Outgoing {
  readonly id: OperationId;
  readonly method: Method;
  /** With the names of its parameters in braces. */
  readonly path: string;
  readonly version: Version;
  readonly parameters: Readonly<Record<string, QueryValue>>;
  /** A JSON value; undefined: none. */
  readonly body: unknown;
  readonly idempotencyKey: string | undefined;
  /** Seconds. */
  readonly lease: number | undefined;
  readonly life: string | undefined;
  readonly requestId: string | undefined;
}

/** An answer of any status. */
export interface Incoming {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed where it is JSON, else its text; undefined where there is none. */
  readonly body: unknown;
}

/** Sends one request once. @throws AnswerLost, UnexpectedAnswer, and errors of credentials */
export type Transport = (request: Outgoing) => Promise<Incoming>;

/** Milliseconds; the service itself gives up after 24 seconds, API Gateway after 29. */
export const DEFAULT_TIMEOUT = 30_000;

/** Aborts the signal of `run` after `timeout` milliseconds. */
export async function within<T>(
  clock: Pick<Clock, "after">,
  timeout: number,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const cancel = clock.after(timeout, () => controller.abort());
  try {
    return await run(controller.signal);
  } finally {
    cancel();
  }
}
