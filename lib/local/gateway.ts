/** API Gateway's part: from an HTTP request to the function of its route, and back. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { errorDocument } from "../api/error-document.ts";
import { HTTP_ALIAS } from "../api/invocation.ts";
import { type LambdaHandler, lambda } from "../api/lambda.ts";
import type { AnyOperation } from "../api/operation.ts";
import { BodyTooLarge } from "../api/refusals.ts";
import type { Runtime } from "../api/runtime.ts";
import type { Refusal } from "../model/refusal.ts";
import { Admission, Overloaded } from "./admission.ts";
import { httpEvent, httpRequest } from "./http-event.ts";
import { headBytes, type Limits, readBody } from "./limits.ts";

/** Milliseconds that a request may take, as a function's deadline behind API Gateway. */
const FUNCTION_TIMEOUT = 30_000;

export interface GatewayParts {
  readonly operations: readonly AnyOperation[];
  /** Answers what no route takes. */
  readonly fallback: AnyOperation;
  readonly runtime: Runtime;
}

export class Gateway {
  readonly #parts: GatewayParts;
  readonly #limits: Limits;
  readonly #admission: Admission;
  readonly #handlers: ReadonlyMap<AnyOperation, LambdaHandler>;

  constructor(parts: GatewayParts, limits: Limits) {
    this.#parts = parts;
    this.#limits = limits;
    this.#admission = new Admission(limits);
    const source = async () => parts.runtime;
    this.#handlers = new Map(
      [...parts.operations, parts.fallback].map((operation) => [
        operation,
        lambda(operation, source),
      ]),
    );
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (headBytes(request) > this.#limits.headBytes) {
        response.setHeader("connection", "close");
        return sendJson(response, 431, { message: "Request Header Fields Too Large" });
      }
      const place = this.#admission.enter();
      try {
        const body = await readBody(request, this.#limits.bodyBytes, place.hold);
        send(response, await this.#admission.run(() => this.#invoke(request, body)));
      } finally {
        place.leave();
      }
    } catch (error) {
      if (request.errored !== null || response.destroyed) response.destroy();
      else if (error instanceof BodyTooLarge || error instanceof Overloaded) {
        this.#refuse(request, response, error);
      } else this.#fail(response, error);
    }
  }

  async #invoke(request: IncomingMessage, body: Uint8Array) {
    if (request.socket.destroyed) throw new Error("the client went away while it waited");
    const { operations, fallback, runtime } = this.#parts;
    const { event, operation = fallback } = httpEvent(
      operations,
      httpRequest(request, body),
      runtime.clock.now(),
    );
    const handler = this.#handlers.get(operation);
    if (handler === undefined) throw new Error(`${operation.id} has no handler`);
    const context = lambdaContext(operation, event.requestContext.requestId, runtime);
    return (await handler(event, context)) as APIGatewayProxyStructuredResultV2;
  }

  /** The rest of the body is read for a while: a client that still sends would miss the answer. */
  #refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
    const requestId = `req-${this.#parts.runtime.random.uuid()}`;
    const accept = request.headers.accept;
    const document = errorDocument(refusal, { requestId, accept, version: undefined });
    if (refusal.retryAfter !== undefined) response.setHeader("retry-after", refusal.retryAfter);
    if (!request.complete) response.setHeader("connection", "close");
    response.writeHead(refusal.status, {
      "content-type": document.contentType,
      "content-length": Buffer.byteLength(document.body),
      "x-openstack-request-id": requestId,
    });
    if (request.complete) {
      response.end(document.body);
      return;
    }
    response.write(document.body);
    request.resume();
    const timer = setTimeout(() => request.destroy(), this.#limits.lingerTimeout);
    request.once("close", () => clearTimeout(timer));
    request.once("end", () => response.end());
  }

  #fail(response: ServerResponse, error: unknown): void {
    this.#parts.runtime.log({
      level: "ERROR",
      message: "a handler failed",
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    if (response.headersSent) response.destroy();
    else sendJson(response, 500, { message: "Internal Server Error" });
  }
}

function send(response: ServerResponse, result: APIGatewayProxyStructuredResultV2): void {
  const body = Buffer.from(result.body ?? "", result.isBase64Encoded ? "base64" : "utf8");
  const status = result.statusCode ?? 200;
  response.statusCode = status;
  for (const [name, value] of Object.entries(result.headers ?? {})) {
    response.setHeader(name, String(value));
  }
  if (result.cookies !== undefined) response.setHeader("set-cookie", result.cookies);
  if (status !== 204) response.setHeader("content-length", body.length);
  response.end(body);
}

function sendJson(response: ServerResponse, statusCode: number, document: unknown): void {
  const headers = { "content-type": "application/json" };
  send(response, { statusCode, headers, body: JSON.stringify(document) });
}

function lambdaContext(operation: AnyOperation, requestId: string, runtime: Runtime): Context {
  const deadline = runtime.clock.now() + FUNCTION_TIMEOUT;
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: operation.id,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${operation.id}:${HTTP_ALIAS}`,
    memoryLimitInMB: "1024",
    awsRequestId: requestId,
    logGroupName: "local",
    logStreamName: "local",
    getRemainingTimeInMillis: () => deadline - runtime.clock.now(),
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
