/** What the steps of the pipeline know of the request in progress. */
import type { Request } from "@middy/core";
import type { Context } from "aws-lambda";
import type { Minor } from "../../model/microversion.ts";
import type { Store } from "../../store/store.ts";
import type { Identity } from "../identity.ts";
import type { Inbound } from "../inbound.ts";
import type { Source } from "../invocation.ts";
import type { AnyOperation, OperationRequest, Services } from "../operation.ts";
import type { Runtime } from "../runtime.ts";
import type { Result } from "./result.ts";

export interface RequestContext {
  readonly operation: AnyOperation;
  readonly runtime: Runtime;
  /** Follows from the invoked alias. */
  readonly source: Source;
  readonly requestId: string;
  /** Lambda's own id of the invocation. */
  readonly awsRequestId: string | undefined;
  /** Milliseconds since 1970. */
  readonly started: number;
  /** Milliseconds since 1970: the request does nothing after it. */
  readonly deadline: number;
  inbound: Inbound | undefined;
  version: Minor | undefined;
  identity: Identity | undefined;
  request: OperationRequest | undefined;
  /** Created when they are first needed. */
  services: Services | undefined;
  /** Theirs; opened when it is first needed. */
  store?: Store;
  /** Headers of every answer, refusals included. */
  headers: Record<string, string>;
}

/**
 * A step before the operation. What it returns is the answer, and ends the pipeline; a step that
 * only checks returns nothing.
 * @throws the refusal of a request that does not pass
 */
export type PipelineStep = (
  context: RequestContext,
) => Promise<Result | undefined> | Result | undefined;

/** Lambda's context, in which the pipeline's first step puts its own. */
export interface PipelineContext extends Context {
  requestContext?: RequestContext;
}

/** An invocation as middy's hooks receive it. */
export type MiddyRequest = Request<unknown, Result, Error, PipelineContext>;

export function requestContextIn({ requestContext }: PipelineContext): RequestContext {
  if (requestContext === undefined) throw new Error("the pipeline has not started");
  return requestContext;
}

/** The request in one form; known to every step but the first. */
export function inboundOf(context: RequestContext): Inbound {
  if (context.inbound === undefined) throw new Error("the pipeline has not read the event yet");
  return context.inbound;
}
