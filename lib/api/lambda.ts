/**
 * The Lambda handler of an operation: a middy pipeline that accepts events of API
 * Gateway's HTTP API and of direct callers, and answers each in its own form.
 */
import middy, { type MiddlewareObj } from "@middy/core";
import type { Context } from "aws-lambda";
import { authorOf } from "./author.ts";
import { deployedRuntime } from "./deployed-runtime.ts";
import { lookingAgain } from "./feed-watch.ts";
import { checkIdempotencyKey, runOperation } from "./idempotency.ts";
import { inboundFrom } from "./inbound.ts";
import { sourceOf } from "./invocation.ts";
import type { AnyOperation, OperationRequest, Services } from "./operation.ts";
import { cors } from "./pipeline/cors.ts";
import { logRequest } from "./pipeline/log.ts";
import { parseInput, requestOf } from "./pipeline/parse.ts";
import {
  type PipelineContext,
  type PipelineStep,
  type RequestContext,
  requestContextIn,
} from "./pipeline/request-context.ts";
import { refuse, respond } from "./pipeline/respond.ts";
import type { Result } from "./pipeline/result.ts";
import {
  checkAvailable,
  checkLength,
  checkMedia,
  identify,
  negotiateVersion,
  permit,
} from "./pipeline/steps.ts";
import type { Runtime, RuntimeSource } from "./runtime.ts";

/** Milliseconds that a request may take, below API Gateway's 30 seconds. */
const TIME_LIMIT = 24_000;

/** Milliseconds before Lambda ends the function, reserved for the answer. */
const TIME_TO_ANSWER = 2_000;

export type LambdaHandler = (event: unknown, context: Context) => Promise<Result>;

type Middleware = MiddlewareObj<unknown, Result, Error, PipelineContext>;

/** The handler of `operation`; `source` creates what it keeps between requests. */
export function lambda(
  operation: AnyOperation,
  source: RuntimeSource = deployedRuntime,
): LambdaHandler {
  const plugin = { timeoutEarlyInMillis: 0, requestEnd: logRequest };
  return middy<unknown, Result, Error, PipelineContext>(plugin)
    .use(errors())
    .use(opening(operation, source))
    .use(steps())
    .handler(run);
}

/** One middleware runs all steps: middy would wait after each, though few have to wait. */
function steps(): Middleware {
  return {
    before: async ({ context }) => {
      const requestContext = requestContextIn(context);
      for (const step of STEPS) {
        const given = step(requestContext);
        const answer = given instanceof Promise ? await given : given;
        if (answer !== undefined) return answer;
      }
      return undefined;
    },
  };
}

function errors(): Middleware {
  return {
    onError: async (invocation) => {
      const { requestContext } = invocation.context;
      if (requestContext === undefined) return;
      invocation.response = await refuse(requestContext, invocation.error);
    },
  };
}

/** Assigns the request's id and reads the event. */
function opening(operation: AnyOperation, source: RuntimeSource): Middleware {
  return {
    before: async ({ event, context }) => {
      const requestContext = startRequest(operation, await source(), context);
      context.requestContext = requestContext;
      requestContext.inbound = inboundFrom(event, requestContext.source, operation);
    },
  };
}

/** @param context Lambda's; an emulator of Lambda may leave out any of its members */
function startRequest(
  operation: AnyOperation,
  runtime: Runtime,
  context: Partial<Context>,
): RequestContext {
  const started = runtime.clock.now();
  return {
    operation,
    runtime,
    source: sourceOf(context.invokedFunctionArn),
    requestId: `req-${runtime.random.uuid()}`,
    awsRequestId: context.awsRequestId,
    started,
    deadline: started + timeFor(context),
    services: undefined,
    inbound: undefined,
    version: undefined,
    identity: undefined,
    request: undefined,
    headers: {},
  };
}

const answerCors: PipelineStep = (requestContext) => {
  const answer = cors(requestContext);
  return answer && respond(requestContext, answer);
};

const parse: PipelineStep = (requestContext) => {
  const request = requestOf(requestContext);
  try {
    requestContext.request = { ...request, body: parseInput(requestContext) };
    return undefined;
  } catch (refusal) {
    return refuseAfterSubject(requestContext, request, refusal);
  }
};

async function refuseAfterSubject(
  requestContext: RequestContext,
  request: OperationRequest<undefined>,
  refusal: unknown,
): Promise<never> {
  const { operation } = requestContext;
  if (operation.subject !== undefined) await operation.subject(request, services(requestContext));
  throw refusal;
}

/** In the order in which Placement checks. */
const STEPS: readonly PipelineStep[] = [
  answerCors,
  identify,
  negotiateVersion,
  checkLength,
  checkAvailable,
  checkMedia,
  permit,
  checkIdempotencyKey,
  parse,
];

async function run(_event: unknown, context: PipelineContext): Promise<Result> {
  const requestContext = requestContextIn(context);
  if (requestContext.request === undefined) throw new Error("the request was not parsed");
  return respond(
    requestContext,
    await runOperation(requestContext, requestContext.request, services(requestContext)),
  );
}

/** Milliseconds: the smaller of our own limit and what Lambda leaves. */
function timeFor({ getRemainingTimeInMillis }: Partial<Context>): number {
  const remaining = getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
  return Math.min(TIME_LIMIT, remaining - TIME_TO_ANSWER);
}

/** The services of the whole request: one store, one deadline. */
function services(requestContext: RequestContext): Services {
  const { runtime, operation, deadline } = requestContext;
  const { clock, configuration, ownMetrics, ownRequests, feed = lookingAgain(clock) } = runtime;
  requestContext.services ??= {
    // Not every request needs one.
    get store() {
      requestContext.store ??= runtime.openStore({
        access: operation.access,
        deadline,
        author: authorOf(requestContext),
      });
      return requestContext.store;
    },
    clock,
    configuration,
    feed,
    ...(ownMetrics === undefined ? {} : { ownMetrics }),
    ...(ownRequests === undefined ? {} : { ownRequests }),
  };
  return requestContext.services;
}
