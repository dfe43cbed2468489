/**
 * The Lambda handler of an operation: a middy pipeline that takes an event of
 * API Gateway's HTTP API or a direct invocation, and answers in kind.
 */
import middy, { type MiddlewareObj, type Request } from "@middy/core";
import type { Context } from "aws-lambda";
import { deployedRuntime } from "./deployed-runtime.ts";
import { checkIdempotencyKey, runOperation } from "./idempotency.ts";
import { inboundFrom } from "./inbound.ts";
import { sourceOf } from "./invocation.ts";
import type { AnyOperation, Services } from "./operation.ts";
import { cors } from "./pipeline/cors.ts";
import type { Result } from "./pipeline/finish.ts";
import { logRequest } from "./pipeline/log.ts";
import { parseInput, requestOf } from "./pipeline/parse.ts";
import {
  exchangeOf,
  type RequestContext,
  type Step,
  startExchange,
} from "./pipeline/request-context.ts";
import { refuse, respond } from "./pipeline/respond.ts";
import {
  checkAvailable,
  checkLength,
  checkMedia,
  identify,
  negotiateVersion,
  permit,
} from "./pipeline/steps.ts";
import type { RuntimeSource } from "./runtime.ts";

/** Milliseconds that a request may take, below API Gateway's 30 seconds. */
const TIME_LIMIT = 24_000;

/** Milliseconds before Lambda ends the function, in which the outcome is still told. */
const TIME_TO_ANSWER = 2_000;

export type LambdaHandler = (event: unknown, context: Context) => Promise<Result>;

/** The handler of `operation`; `source` makes what it keeps between requests. */
export function lambda(
  operation: AnyOperation,
  source: RuntimeSource = deployedRuntime,
): LambdaHandler {
  return middy({ timeoutEarlyInMillis: 0, requestEnd: logRequest })
    .use(errors())
    .use(opening(operation, source))
    .use(
      step("cors", (exchange) => {
        const answer = cors(exchange);
        return answer && respond(exchange, answer);
      }),
    )
    .use(step("identity", identify))
    .use(step("version", negotiateVersion))
    .use(step("length", checkLength))
    .use(step("availability", checkAvailable))
    .use(step("media", checkMedia))
    .use(step("policy", permit))
    .use(step("idempotency", checkIdempotencyKey))
    .use(step("parse", parse))
    .handler(run as never) as unknown as LambdaHandler;
}

function step(name: string, run: Step): MiddlewareObj {
  return { name, before: (request) => run(exchangeOf(request as Request)) };
}

function errors(): MiddlewareObj {
  return {
    onError: async (request) => {
      const exchange = exchangeOf(request as Request) as RequestContext | undefined;
      if (exchange !== undefined) request.response = await refuse(exchange, request.error);
    },
  };
}

/** Gives the request its id and reads the event. */
function opening(operation: AnyOperation, source: RuntimeSource): MiddlewareObj {
  return {
    before: async (request) => {
      const runtime = await source();
      const started = runtime.clock.now();
      const context = request.context as unknown as Partial<Context>;
      const exchange: RequestContext = {
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
      startExchange(request as Request, exchange);
      exchange.inbound = inboundFrom(request.event, exchange.source, operation);
      (request.context as unknown as Record<string, unknown>)["exchange"] = exchange;
    },
  };
}

const parse: Step = async (exchange) => {
  const request = requestOf(exchange);
  try {
    exchange.request = { ...request, body: parseInput(exchange) };
  } catch (refusal) {
    const { operation } = exchange;
    if (operation.subject !== undefined) await operation.subject(request, services(exchange));
    throw refusal;
  }
};

async function run(_event: unknown, context: { exchange: RequestContext }): Promise<Result> {
  const { exchange } = context;
  if (exchange.request === undefined) throw new Error("the request was not parsed");
  return respond(exchange, await runOperation(exchange, exchange.request, services(exchange)));
}

/** Milliseconds: the smaller of our own limit and what Lambda leaves. */
function timeFor({ getRemainingTimeInMillis }: Partial<Context>): number {
  const remaining = getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
  return Math.min(TIME_LIMIT, remaining - TIME_TO_ANSWER);
}

/** What the whole request works with: one store, one deadline. */
function services(exchange: RequestContext): Services {
  const { runtime, operation, deadline } = exchange;
  const { clock, configuration } = runtime;
  exchange.services ??= {
    store: runtime.openStore({ access: operation.access, deadline }),
    clock,
    configuration,
  };
  return exchange.services;
}
