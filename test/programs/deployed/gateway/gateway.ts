/**
 * API Gateway's part, played from one API of the template: its limits, the route, the
 * authorizer, the function, and the answer.
 *
 * Source: API Gateway developer guide, quotas of HTTP APIs and of REST APIs.
 */
import * as z from "zod";
import { type HttpRequest, splitTarget } from "../../../../lib/local/http-parts.ts";
import type { Permissions } from "../assembly/permissions.ts";
import { EVENT_BYTES, type Outcome } from "../lambda/runtime-api.ts";
import { accessLine } from "./access-log.ts";
import { type GatewayAnswer, httpAnswer, restAnswer } from "./answer.ts";
import type { PlayedApi } from "./api.ts";
import { Authorizers, GatewayRefusal } from "./authorizer.ts";
import { httpEvent, methodArn, type Received, restEvent } from "./event.ts";
import { type RouteMatch, routeFor } from "./routes.ts";
import type { Principal } from "./signature.ts";
import { Throttle } from "./throttle.ts";

/** Bytes of the request line and headers together, and of a body. */
export const HEAD_BYTES = 10_240;
export const BODY_BYTES = 10_485_760;

/** Milliseconds. */
const AUTHORIZER_TIME = 10_000;
const TIME = { "2.0": 30_000, "1.0": 29_000 };

export interface GatewayParts {
  readonly api: PlayedApi;
  readonly permissions: Permissions;
  readonly principals: readonly Principal[];
  invoke(arn: string, event: string): Promise<Outcome>;
  /** Called with each line of the access log. */
  readonly onAccess?: ((line: string) => void) | undefined;
  /** Whether the function's own policy lets API Gateway invoke it for a request. */
  resourcePolicyAllows(target: string, sourceArn: string): boolean;
}

const json = z.json();

export class Gateway {
  readonly #parts: GatewayParts;
  readonly #authorizers: Authorizers;
  readonly #throttle: Throttle | undefined;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
    this.#throttle = parts.api.limits && new Throttle(parts.api.limits);
    this.#authorizers = new Authorizers({
      principals: parts.principals,
      invoke: (target, role, event) => this.#invokeAuthorizer(target, role, event),
    });
  }

  /** @param head bytes of the request line and the headers */
  async answer(request: HttpRequest, head: number): Promise<GatewayAnswer> {
    const { api, onAccess } = this.#parts;
    const answer = await this.#answerOrRefuse(request, head);
    if (onAccess === undefined) return answer;
    const route = routeKeyOf(routeFor(api, request.method, splitTarget(request.target)[0]));
    onAccess(accessLine(api.accessLog, { request, route, answer }));
    return answer;
  }

  async #answerOrRefuse(request: HttpRequest, head: number): Promise<GatewayAnswer> {
    try {
      return await this.#answer(request, head);
    } catch (error) {
      if (!(error instanceof GatewayRefusal)) throw error;
      const headers = { "content-type": "application/json" };
      const body = Buffer.from(JSON.stringify({ message: error.message }));
      return { status: error.status, headers: Object.entries(headers), body };
    }
  }

  async #answer(sent: HttpRequest, head: number): Promise<GatewayAnswer> {
    const { api } = this.#parts;
    if (head > HEAD_BYTES) throw new GatewayRefusal(431, "Request Header Fields Too Large");
    if (sent.body.length > BODY_BYTES) throw new GatewayRefusal(413, "Request Entity Too Large");
    const request = api.format === "2.0" ? sent : belowStage(sent, api.stage);
    const match = routeFor(api, request.method, splitTarget(request.target)[0]);
    if (match === undefined) {
      if (api.format === "2.0") throw new GatewayRefusal(404, "Not Found");
      throw new GatewayRefusal(403, "Missing Authentication Token");
    }
    if (this.#throttle?.lets(routeKeyOf(match) ?? "", Date.now()) === false) {
      throw new GatewayRefusal(429, "Too Many Requests");
    }
    const received: Received = { api, match, request, sent, now: Date.now() };
    const authorized = await this.#authorizers.authorize(received);
    const event =
      api.format === "2.0" ? httpEvent(received, authorized) : restEvent(received, authorized);
    const { target, role } = match.route;
    this.#checkInvoke(target, role, methodArn(received));
    const text = JSON.stringify(event);
    if (Buffer.byteLength(text) > EVENT_BYTES) {
      throw new GatewayRefusal(413, "Request Entity Too Large");
    }
    const outcome = await limited(this.#parts.invoke(target, text), TIME[api.format]);
    if (outcome === undefined) {
      throw api.format === "2.0"
        ? new GatewayRefusal(503, "Service Unavailable")
        : new GatewayRefusal(504, "Endpoint request timed out");
    }
    if (!outcome.ok) throw this.#failed(outcome.errorType);
    const result = json.parse(JSON.parse(outcome.result));
    return api.format === "2.0" ? httpAnswer(result) : restAnswer(result);
  }

  async #invokeAuthorizer(target: string, role: string | undefined, event: unknown) {
    this.#checkInvoke(target, role, `arn:aws:execute-api:authorizer/${this.#parts.api.id}`);
    const outcome = await limited(
      this.#parts.invoke(target, JSON.stringify(event)),
      AUTHORIZER_TIME,
    );
    if (outcome?.ok !== true) throw new GatewayRefusal(500, "Internal Server Error");
    return JSON.parse(outcome.result);
  }

  #checkInvoke(target: string, role: string | undefined, source: string): void {
    const { permissions, resourcePolicyAllows } = this.#parts;
    const may =
      role === undefined
        ? resourcePolicyAllows(target, source)
        : permissions.allows(role, "lambda:InvokeFunction", target);
    if (!may) throw new GatewayRefusal(500, "Internal Server Error");
  }

  #failed(errorType: string): GatewayRefusal {
    if (errorType === "TooManyRequestsException" && this.#parts.api.format === "2.0") {
      return new GatewayRefusal(503, "Service Unavailable");
    }
    return this.#parts.api.format === "2.0"
      ? new GatewayRefusal(500, "Internal Server Error")
      : new GatewayRefusal(502, "Internal server error");
  }
}

/** As the settings of a stage name it. */
function routeKeyOf(match: RouteMatch | undefined): string | undefined {
  if (match === undefined) return undefined;
  const { method, path } = match.route;
  return path === undefined ? "$default" : `${method} ${path}`;
}

/** Undefined: it takes longer. */
async function limited<T>(work: Promise<T>, time: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), time);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A REST API is reached by its stage's name, which its routes do not have. */
function belowStage(request: HttpRequest, stage: string): HttpRequest {
  const prefix = `/${stage}`;
  if (!request.target.startsWith(prefix)) throw new GatewayRefusal(403, "Forbidden");
  const target = request.target.slice(prefix.length);
  return { ...request, target: target.startsWith("/") ? target : `/${target}` };
}
