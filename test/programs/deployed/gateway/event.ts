/**
 * Events of API Gateway, for functions and for authorizers.
 *
 * Source: API Gateway developer guide, "Create AWS Lambda proxy integrations for HTTP APIs",
 * "Input format of a Lambda function for proxy integration", "Control access to HTTP APIs with
 * AWS Lambda authorizers" and "Input to an API Gateway Lambda authorizer".
 */
import { randomUUID } from "node:crypto";
import {
  bodyOf,
  type HttpRequest,
  headersOf,
  queryOf,
  splitTarget,
} from "../../../../lib/local/http-parts.ts";
import { listsOf, type RestEventParts, restEventOf } from "../../../support/rest-event.ts";
import { ACCOUNT, REGION } from "../assembly/resolver.ts";
import type { PlayedApi } from "./api.ts";
import type { RouteMatch } from "./routes.ts";
import type { Signer } from "./signature.ts";

/** Who calls, as the route's authorization found out. */
export type Authorized =
  | { readonly kind: "none" }
  | { readonly kind: "iam"; readonly signer: Signer }
  | { readonly kind: "lambda"; readonly context: Readonly<Record<string, unknown>> };

export interface Received {
  readonly api: PlayedApi;
  readonly match: RouteMatch;
  /** Below the stage of a REST API. */
  readonly request: HttpRequest;
  /** As it was sent, and signed. */
  readonly sent: HttpRequest;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The execution ARN of a request, which policies of authorizers and functions name. */
export function methodArn({ api, request }: Pick<Received, "api" | "request">): string {
  const [path] = splitTarget(request.target);
  return `arn:aws:execute-api:${REGION}:${ACCOUNT}:${api.id}/${api.stage}/${request.method}${path}`;
}

/** Of payload format 2.0. */
export function httpEvent(received: Received, authorized: Authorized) {
  const { request } = received;
  const { common, requestContext, headers, cookies } = httpParts(received);
  return {
    version: "2.0",
    ...common,
    ...(cookies.length === 0 ? {} : { cookies }),
    headers,
    requestContext: { ...requestContext, ...httpAuthorizer(authorized) },
    ...bodyOf(request.body, headers["content-type"]),
  };
}

export function httpAuthorizerEvent(received: Received, sources: readonly string[]) {
  const { common, requestContext, headers, cookies } = httpParts(received);
  return {
    version: "2.0",
    type: "REQUEST",
    routeArn: methodArn(received),
    identitySource: sources,
    ...common,
    ...(cookies.length === 0 ? {} : { cookies }),
    headers,
    requestContext,
  };
}

function httpParts({ api, match, request, now }: Received) {
  const [rawPath, rawQueryString] = splitTarget(request.target);
  const { headers, cookies } = headersOf(request);
  const query = queryOf(rawQueryString);
  const { method, path } = match.route;
  const routeKey = path === undefined ? "$default" : `${method} ${path}`;
  const domainName = (headers["host"] ?? "").replace(/:\d*$/, "");
  const common = {
    routeKey,
    rawPath,
    rawQueryString,
    ...(query === undefined ? {} : { queryStringParameters: query }),
    ...parametersOf(match),
    ...variablesOf(api),
  };
  const requestContext = {
    accountId: ACCOUNT,
    apiId: api.id,
    domainName,
    domainPrefix: domainName.split(".")[0] ?? "",
    http: {
      method: request.method,
      path: rawPath,
      protocol: `HTTP/${request.httpVersion}`,
      sourceIp: request.sourceIp,
      userAgent: headers["user-agent"] ?? "",
    },
    requestId: randomUUID(),
    routeKey,
    stage: api.stage,
    timeEpoch: now,
  };
  return { common, requestContext, headers, cookies };
}

function httpAuthorizer(authorized: Authorized) {
  if (authorized.kind === "none") return {};
  if (authorized.kind === "lambda") return { authorizer: { lambda: authorized.context } };
  const { accessKey, accountId, userArn, userId } = authorized.signer;
  const iam = { accessKey, accountId, callerId: userId, userArn, userId };
  return { authorizer: { iam: { ...iam, cognitoIdentity: null, principalOrgId: "o-played" } } };
}

/** Of payload format 1.0. A REST API of binary types `*` `/` `*` has every body in base64. */
export function restEvent(received: Received, authorized: Authorized) {
  return restEventOf({
    ...restParts(received),
    body: received.request.body,
    ...(authorized.kind === "lambda" ? { authorizer: authorized.context } : {}),
    ...(authorized.kind === "iam" ? { identity: restSigner(received, authorized.signer) } : {}),
  });
}

export function restAuthorizerEvent(received: Received) {
  const { body: _, isBase64Encoded: __, ...head } = restEventOf(restParts(received));
  return { type: "REQUEST", methodArn: methodArn(received), ...head };
}

function restSigner({ request }: Received, { accessKey, accountId, userArn, userId }: Signer) {
  const { sourceIp } = request;
  return { sourceIp, accessKey, accountId, caller: userId, user: userId, userArn };
}

function restParts({ api, match, request, now }: Received): RestEventParts {
  const [path, rawQuery] = splitTarget(request.target);
  const headers = pairs(request.rawHeaders);
  const host = headers.find(([name]) => name.toLowerCase() === "host")?.[1] ?? "";
  const others = headers.filter(([name]) => name.toLowerCase() !== "x-forwarded-proto");
  return {
    method: request.method,
    resource: match.route.path ?? "/{proxy+}",
    path,
    params: parametersOf(match).pathParameters,
    query: listsOf(new URLSearchParams(rawQuery)),
    headers: listsOf([...others, ["X-Forwarded-Proto", "http"]]) ?? {},
    stage: api.stage,
    stageVariables: variablesOf(api).stageVariables,
    identity: { sourceIp: request.sourceIp },
    context: {
      accountId: ACCOUNT,
      apiId: api.id,
      domainName: host.replace(/:\d*$/, ""),
      protocol: `HTTP/${request.httpVersion}`,
      requestId: randomUUID(),
      requestTimeEpoch: now,
    },
  };
}

function parametersOf({ parameters }: RouteMatch) {
  return Object.keys(parameters).length === 0 ? {} : { pathParameters: parameters };
}

function variablesOf({ variables }: PlayedApi) {
  return Object.keys(variables).length === 0 ? {} : { stageVariables: variables };
}

function pairs(raw: readonly string[]): [string, string][] {
  const indexes = Array.from({ length: Math.floor(raw.length / 2) }, (_, index) => index * 2);
  return indexes.map((index) => [raw[index] ?? "", raw[index + 1] ?? ""]);
}
