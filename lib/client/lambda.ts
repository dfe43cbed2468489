/**
 * Calls by direct invocation of the operations' Lambda functions, without HTTP. The AWS SDK
 * is the caller's: nothing here imports it. See docs/direct-invocation.md.
 */
import { AnswerLost, UnexpectedAnswer } from "./errors.ts";
import { type Clock, platformClock } from "./platform.ts";
import {
  DEFAULT_TIMEOUT,
  type Incoming,
  type Outgoing,
  type Transport,
  within,
} from "./transport.ts";
import type { OperationId } from "./types.ts";

export interface InvokeInput {
  readonly FunctionName: string;
  readonly Payload: Uint8Array;
}

export interface InvokeOutput {
  readonly Payload?: Uint8Array | undefined;
  readonly FunctionError?: string | undefined;
}

/**
 * `Lambda` of `@aws-sdk/client-lambda` is one. Of its `LambdaClient` this makes one:
 * `{ invoke: (input, options) => client.send(new InvokeCommand(input), options) }`.
 */
export interface Invoker {
  invoke(input: InvokeInput, options: { abortSignal: AbortSignal }): Promise<InvokeOutput>;
}

export interface LambdaOptions {
  readonly lambda: Invoker;
  /**
   * The prefix of the functions' names (the construct's `namePrefix`), or a function that
   * gives the name or ARN by operation, with the alias `direct`.
   */
  readonly functions: string | ((id: OperationId) => string);
  /** The caller's name for itself, for the log and for its idempotency keys; not authenticated. */
  readonly caller?: string;
  /** Of one invocation, in milliseconds. Default: 30,000. */
  readonly timeout?: number;
  readonly clock?: Pick<Clock, "after">;
}

export function byInvocation(options: LambdaOptions): Transport {
  const { lambda, functions, caller, timeout = DEFAULT_TIMEOUT, clock = platformClock } = options;
  const nameOf = typeof functions === "string" ? prefixed(functions) : functions;
  return async (outgoing) => {
    const event = JSON.stringify(directRequest(outgoing, caller));
    const input = { FunctionName: nameOf(outgoing.id), Payload: new TextEncoder().encode(event) };
    return within(clock, timeout, async (abortSignal) => {
      try {
        return incomingFrom(await lambda.invoke(input, { abortSignal }));
      } catch (error) {
        return failed(error);
      }
    });
  };
}

/** The name that the stack gives to a function, and the alias for other functions. */
function prefixed(prefix: string): (id: OperationId) => string {
  return (id) => `${prefix}-${id.replaceAll("/", "-")}:direct`;
}

function directRequest(outgoing: Outgoing, caller: string | undefined) {
  const { version, parameters, body, idempotencyKey, lease, life, requestId } = outgoing;
  return { version, parameters, body, idempotencyKey, lease, life, requestId, caller };
}

/** @throws AnswerLost if the function failed, UnexpectedAnswer if it is no operation's */
function incomingFrom({ Payload = new Uint8Array(), FunctionError }: InvokeOutput): Incoming {
  const payload = new TextDecoder().decode(Payload);
  if (FunctionError !== undefined) {
    throw new AnswerLost(`the function failed, ${FunctionError}: ${payload.slice(0, 1_000)}`);
  }
  const result = parsed(payload);
  if (!isResult(result)) throw new UnexpectedAnswer(`not a result: ${payload.slice(0, 1_000)}`);
  return { status: result.status, headers: result.headers, body: result.body };
}

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

function isResult(value: unknown): value is Incoming {
  if (typeof value !== "object" || value === null) return false;
  const { status, headers } = value as Partial<Incoming>;
  return typeof status === "number" && typeof headers === "object" && headers !== null;
}

/**
 * Too many invocations are a 429. Other errors of Lambda's API with a status below 500 say
 * that no function ran, and are thrown as they are.
 */
function failed(error: unknown): Incoming {
  if (error instanceof AnswerLost || error instanceof UnexpectedAnswer) throw error;
  const status = statusOf(error);
  if (status === 429) return { status, headers: {}, body: { message: "too many invocations" } };
  if (status !== undefined && status < 500) throw error;
  const reason = error instanceof Error ? error.message : String(error);
  throw new AnswerLost(`no answer: ${reason}`, { cause: error });
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
}
