/**
 * HTTP requests as API Gateway's HTTP API hands them to a function: payload
 * format 2.0 of the stage `$default`.
 *
 * Source: Amazon API Gateway developer guide, "Create AWS Lambda proxy
 * integrations for HTTP APIs".
 */
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { AnyOperation } from "../api/operation.ts";
import { matchRoute, type RouteMatch } from "../api/routes.ts";
import type { Place } from "./base-path.ts";
import { bySecond } from "./by-second.ts";
import { bodyOf, type HttpRequest, headersOf, queryOf, splitTarget } from "./http-parts.ts";

const ACCOUNT = "000000000000";
const API = "local";
const STAGE = "$default";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export interface HttpEvent {
  readonly event: APIGatewayProxyEventV2;
  /** The operation to invoke; undefined: the one behind `$default`. */
  readonly operation: AnyOperation | undefined;
}

export interface Way {
  readonly place?: Place;
  readonly stageVariables?: Record<string, string>;
}

export function httpRequest(message: IncomingMessage, body: Uint8Array): HttpRequest {
  return {
    method: message.method ?? "GET",
    target: message.url ?? "/",
    httpVersion: message.httpVersion,
    rawHeaders: message.rawHeaders,
    sourceIp: message.socket.remoteAddress ?? "127.0.0.1",
    localPort: message.socket.localPort ?? 0,
    body,
  };
}

/**
 * @param now milliseconds since 1970, the time of arrival
 * @param way what API Gateway would know of the endpoint beside the request
 */
export function httpEvent(
  operations: readonly AnyOperation[],
  request: HttpRequest,
  now: number,
  { place, stageVariables }: Way = {},
): HttpEvent {
  const [target, rawQueryString] = splitTarget(request.target);
  // As the key of a custom domain's mapping, which API Gateway leaves in the raw path.
  const rawPath = `${place?.removed ?? ""}${target}`;
  const match = matchRoute(operations, request.method, place?.path ?? target);
  const { headers, cookies } = headersOf(request, place?.scheme);
  const body = bodyOf(request.body, headers["content-type"]);
  const query = queryOf(rawQueryString);
  const event: APIGatewayProxyEventV2 = {
    version: "2.0",
    routeKey: match?.operation.route ?? "$default",
    rawPath,
    rawQueryString,
    ...(cookies.length === 0 ? {} : { cookies }),
    headers,
    ...(query === undefined ? {} : { queryStringParameters: query }),
    ...(stageVariables === undefined ? {} : { stageVariables }),
    requestContext: requestContext(request, { rawPath, match, headers, now }),
    ...parametersOf(match),
    ...body,
  };
  return { event, operation: match?.operation };
}

interface ContextParts {
  readonly rawPath: string;
  readonly match: RouteMatch | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly now: number;
}

function requestContext(
  request: HttpRequest,
  { rawPath, match, headers, now }: ContextParts,
): APIGatewayProxyEventV2["requestContext"] {
  const domainName = (headers["host"] ?? "").replace(/:\d*$/, "");
  return {
    accountId: ACCOUNT,
    apiId: API,
    domainName,
    domainPrefix: domainName.split(".")[0] ?? "",
    http: {
      method: request.method,
      path: rawPath,
      protocol: `HTTP/${request.httpVersion}`,
      sourceIp: request.sourceIp,
      userAgent: headers["user-agent"] ?? "",
    },
    requestId: gatewayRequestId(),
    routeKey: match?.operation.route ?? "$default",
    stage: STAGE,
    time: commonLogTime(now),
    timeEpoch: now,
  };
}

/** As long as API Gateway's, of the same letters. Node draws the randomness of many uuids at once. */
function gatewayRequestId(): string {
  const drawn = randomUUID();
  return `${drawn.slice(0, 8)}${drawn.slice(9, 13)}${drawn.slice(24, 27)}=`;
}

function parametersOf(match: RouteMatch | undefined) {
  if (match === undefined || Object.keys(match.params).length === 0) return {};
  return { pathParameters: { ...match.params } };
}

/** For example `12/Mar/2020:19:03:58 +0000`. */
const commonLogTime = bySecond((now) => {
  const time = new Date(now).toISOString();
  const month = MONTHS[Number(time.slice(5, 7)) - 1];
  return `${time.slice(8, 10)}/${month}/${time.slice(0, 4)}:${time.slice(11, 19)} +0000`;
});
