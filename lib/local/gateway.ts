/** API Gateway's part: from an HTTP request to the function of its route, and back. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
} from "aws-lambda";
import { HTTP_ALIAS } from "../api/invocation.ts";
import { type LambdaHandler, lambda } from "../api/lambda.ts";
import { LIMITS } from "../api/limits.ts";
import type { AnyOperation } from "../api/operation.ts";
import { fitsPayload } from "../api/payload.ts";
import { BodyTooLarge } from "../api/refusals.ts";
import { matchRoute } from "../api/routes.ts";
import type { Runtime } from "../api/runtime.ts";
import { Refusal } from "../model/refusal.ts";
import { Admission } from "./admission.ts";
import { type Authorize, authorizing, type TokenEndpoint } from "./authorize.ts";
import { type Mount, type Place, placeOf, ROOT } from "./base-path.ts";
import { type AcceptsHost, type AllowedHosts, acceptedHosts, checkHost } from "./hosts.ts";
import { httpEvent, httpRequest } from "./http-event.ts";
import { headerBytes, type Limits, readBody } from "./limits.ts";
import type { Watch } from "./metrics/requests.ts";
import { checkOrigin } from "./origins.ts";
import { HeadersTooLarge } from "./refusals.ts";
import { refuseRequest } from "./refused-request.ts";

/** Characters of a body with which a result fits, whatever its headers are. */
const SURELY_FITS = 100_000;

/** Milliseconds that a request may take, as a function's deadline behind API Gateway. */
const FUNCTION_TIMEOUT = 30_000;

export interface GatewayParts {
  readonly operations: readonly AnyOperation[];
  /** Answers what no route takes. */
  readonly fallback: AnyOperation;
  readonly runtime: Runtime;
  /** Names that requests may use for this server, beside those of the loopback interface. */
  readonly allowedHosts?: AllowedHosts;
  /** Absent: callers are believed, see `noauth-identity.ts`. */
  readonly endpoint?: TokenEndpoint;
  /** Default: the root. */
  readonly mount?: Mount;
  /** Absent: requests are not measured. */
  readonly watch?: Watch;
}

interface Invocation {
  readonly event: APIGatewayProxyEventV2;
  readonly operation: AnyOperation;
}

export class Gateway {
  readonly #parts: GatewayParts;
  readonly #limits: Limits;
  readonly #admission: Admission;
  readonly #accepts: AcceptsHost;
  readonly #mount: Mount;
  readonly #authorize: Authorize;
  readonly #handlers: ReadonlyMap<AnyOperation, LambdaHandler>;

  constructor(parts: GatewayParts, limits: Limits) {
    this.#parts = parts;
    this.#limits = limits;
    this.#admission = new Admission(limits);
    const { allowedHosts, endpoint, mount = ROOT } = parts;
    this.#accepts = acceptedHosts(allowedHosts ?? []);
    this.#mount = mount;
    this.#authorize = endpoint === undefined ? async (event) => event : authorizing(endpoint);
    const source = async () => parts.runtime;
    this.#handlers = new Map(
      [...parts.operations, parts.fallback].map((operation) => [
        operation,
        lambda(operation, source),
      ]),
    );
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const named = this.#parts.watch?.(response);
    try {
      const place = this.#check(request);
      const held = this.#admission.enter();
      try {
        const body = await readBody(request, this.#limits.bodyBytes, held.hold);
        const invocation = await this.#eventOf(request, place, body);
        named?.(invocation.operation.id);
        send(response, await this.#admission.run(() => this.#invoke(request, invocation)));
      } finally {
        held.leave();
      }
    } catch (error) {
      if (request.errored !== null || response.destroyed) response.destroy();
      else if (error instanceof Refusal) {
        const { runtime } = this.#parts;
        refuseRequest({ runtime, limits: this.#limits }, { request, response }, error);
      } else this.#fail(response, error);
    }
  }

  /**
   * By the head alone, so that nothing is read for a page that may not use the server.
   * @throws MisdirectedRequest, AmbiguousHost, HeadersTooLarge, ForeignOrigin, OutsideBasePath, BadForwardedHeader
   */
  #check(request: IncomingMessage): Place {
    const { operations, runtime } = this.#parts;
    checkHost(request, this.#accepts);
    const limit = this.#limits.headerBytes;
    if (headerBytes(request) > limit) throw new HeadersTooLarge(limit);
    const place = placeOf(request, this.#mount);
    const { corsOrigins } = runtime.configuration;
    checkOrigin(request, { allowed: corsOrigins, scheme: place.scheme }, () => {
      return matchRoute(operations, request.method ?? "GET", place.path)?.operation;
    });
    return place;
  }

  /** Waits for the identity service outside of a request's turn: others go on meanwhile. */
  async #eventOf(request: IncomingMessage, place: Place, body: Uint8Array): Promise<Invocation> {
    const { operations, fallback, runtime, endpoint } = this.#parts;
    const stageVariables = {
      ...(endpoint === undefined ? {} : { endpoint: endpoint.kind }),
      ...(place.base === "" ? {} : { basePath: place.base }),
    };
    const variables = Object.keys(stageVariables).length === 0 ? {} : { stageVariables };
    const { event, operation = fallback } = httpEvent(
      operations,
      httpRequest(request, body),
      runtime.clock.now(),
      { place, ...variables },
    );
    // A head within its limit fits by far.
    const { body: text } = event;
    if (text && !fitsPayload(event, text.length)) throw new BodyTooLarge(LIMITS.payloadBytes);
    return { event: await this.#authorize(event, operation), operation };
  }

  async #invoke(request: IncomingMessage, { event, operation }: Invocation) {
    if (request.socket.destroyed) throw new Error("the client went away while it waited");
    const { runtime } = this.#parts;
    const handler = this.#handlers.get(operation);
    if (handler === undefined) throw new Error(`${operation.id} has no handler`);
    const context = lambdaContext(operation, event.requestContext.requestId, runtime);
    const result = (await handler(event, context)) as APIGatewayProxyStructuredResultV2;
    const length = result.body?.length ?? 0;
    if (length > SURELY_FITS && !fitsPayload(result, length)) {
      throw new Error(`the result of ${operation.id} is larger than Lambda takes`);
    }
    return result;
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
  const { body: text = "", isBase64Encoded = false } = result;
  // Node writes a string in one piece with the head.
  const body = isBase64Encoded ? Buffer.from(text, "base64") : text;
  const status = result.statusCode ?? 200;
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(result.headers ?? {})) headers[name] = String(value);
  if (result.cookies !== undefined) headers["set-cookie"] = result.cookies;
  if (status !== 204 && status !== 304) headers["content-length"] = Buffer.byteLength(body);
  response.writeHead(status, headers).end(body);
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
