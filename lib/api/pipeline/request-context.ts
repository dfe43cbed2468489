/** What the steps of the pipeline know of the request that is under way. */
import type { Request } from "@middy/core";
import type { Minor } from "../../model/microversion.ts";
import type { Identity } from "../identity.ts";
import type { Inbound } from "../inbound.ts";
import type { Source } from "../invocation.ts";
import type { AnyOperation, OperationRequest, Services } from "../operation.ts";
import type { Runtime } from "../runtime.ts";

export interface RequestContext {
  readonly operation: AnyOperation;
  readonly runtime: Runtime;
  /** By the alias that was invoked. */
  readonly source: Source;
  readonly requestId: string;
  /** Lambda's own id of the invocation. */
  readonly awsRequestId: string | undefined;
  /** Milliseconds since 1970. */
  readonly started: number;
  /** Milliseconds since 1970: everything that the request does ends by then. */
  readonly deadline: number;
  inbound: Inbound | undefined;
  version: Minor | undefined;
  identity: Identity | undefined;
  request: OperationRequest | undefined;
  /** Made when they are first needed. */
  services: Services | undefined;
  /** Headers that an answer carries whatever it is. */
  headers: Record<string, string>;
}

export type Step = (context: RequestContext) => Promise<unknown> | unknown;

const SLOT = "context";

export function exchangeOf(request: Request): RequestContext {
  return (request.internal as Record<string, unknown>)[SLOT] as RequestContext;
}

export function startExchange(request: Request, context: RequestContext): void {
  (request.internal as Record<string, unknown>)[SLOT] = context;
}

/** The request in one form; every step but the first runs after it is known. */
export function inboundOf(context: RequestContext): Inbound {
  if (context.inbound === undefined) throw new Error("the pipeline has not read the event yet");
  return context.inbound;
}
