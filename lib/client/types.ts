/** The types of calls and answers, by operation and microversion. */
import type { Operations, UpTo, Version } from "./generated/operations.ts";

export type OperationId = keyof Operations;

/** The entry of `ByVersion` that applies at `V`: that of the greatest version not above it. */
export type At<ByVersion, V extends Version> = V extends Version
  ? Greatest<ByVersion, keyof ByVersion & UpTo[V]>
  : never;

/** The entry of the greatest of `Versions`: the one up to which all of them are. */
type Greatest<ByVersion, Versions extends keyof ByVersion> = {
  [Since in Versions]: Since extends Version
    ? [Exclude<Versions, UpTo[Since]>] extends [never]
      ? ByVersion[Since]
      : never
    : never;
}[Versions];

/** The body of an operation at a microversion; undefined: it has none. */
export type BodyOf<Id extends OperationId, V extends Version> = At<Operations[Id]["body"], V>;

/** Path parameters and query parameters by name; no value is percent-encoded. */
export type ParametersOf<Id extends OperationId, V extends Version> = Operations[Id]["path"] &
  At<Operations[Id]["query"], V>;

export interface CallOptions {
  /**
   * Makes a write repeatable: all requests with the key run once. 1 to 255 visible ASCII
   * characters without commas.
   */
  readonly idempotencyKey?: string | undefined;
  /**
   * Seconds after which the service releases what the call claims, unless it is renewed. Of claims, by
   * query or not, and of new consumers; other writes refuse it.
   */
  readonly lease?: number | undefined;
  /** The `life` that the consumer has to be living. Of writes of one consumer; others refuse it. */
  readonly life?: string | undefined;
  /** The caller's own request id, `req-UUID`, for the log of the service. */
  readonly requestId?: string | undefined;
}

type With<Name extends string, T> = [T] extends [undefined]
  ? unknown
  : Partial<Record<Name, never>> extends T
    ? { readonly [N in Name]?: T }
    : Record<never, never> extends T
      ? { readonly [N in Name]?: T }
      : { readonly [N in Name]: T };

/** What a call of an operation takes: `parameters` and `body` where it has some. */
export type CallOf<Id extends OperationId, V extends Version> = CallOptions &
  With<"parameters", ParametersOf<Id, V>> &
  With<"body", BodyOf<Id, V>>;

/** A success, discriminated by `status`. A refusal is thrown instead. */
export type AnswerOf<Id extends OperationId, V extends Version> =
  At<Operations[Id]["answers"], V> extends infer Bodies
    ? {
        [Status in keyof Bodies]: {
          readonly status: Status;
          /** By name in lower case. */
          readonly headers: Readonly<Record<string, string>>;
          readonly body: Bodies[Status];
        };
      }[keyof Bodies]
    : never;
