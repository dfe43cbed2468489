/** API Gateway's part, played from the template's routes. */
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { REST_STAGE } from "../../../infra/endpoints/props.ts";
import { matchPath } from "../../../lib/api/routes.ts";
import { httpEvent } from "../../../lib/local/http-event.ts";
import {
  listsOf,
  REST_SIGNER,
  type RestEventParts,
  restEventOf,
} from "../../support/rest-event.ts";
import type { TemplateApi, TemplateRoute } from "./routes.ts";

export interface SignedRequest {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The ARN of whoever signed; none: the request is not signed. */
  readonly caller?: string;
  readonly version?: string;
  /** Of the custom domain's mapping, which stays in the path: `/placement`. Default: its own name is called. */
  readonly key?: string;
}

export interface GatewayAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into documents of every form
  readonly body: any;
}

interface SentRequest extends SignedRequest {
  readonly method: string;
  readonly target: string;
}

/** As it arrives: with all its headers, names in lower case, and the bytes of its body. */
interface IncomingRequest {
  readonly method: string;
  /** Path, with the mapping's key if there is one, and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface RouteMatch {
  readonly route: TemplateRoute;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * An HTTP API takes the best route for method and path, then a greedy variable, then `$default`.
 * A REST API takes the best path alone, then a method of it or `ANY`.
 */
export function routeOf(
  { rest, routes }: Pick<TemplateApi, "rest" | "routes">,
  method: string,
  target: string,
): RouteMatch {
  const path = decodeURIComponent(target.split("?")[0] ?? "");
  const matches = routes.flatMap((route) => {
    if (route.key === "$default") return [{ route, parameters: {}, rank: 1_000 }];
    if (!rest && route.method !== method) return [];
    if (route.path === "/{proxy+}") {
      return path === "/" ? [] : [{ route, parameters: { proxy: path.slice(1) }, rank: 100 }];
    }
    const parameters = matchPath(route.path, path);
    return parameters ? [{ route, parameters, rank: Object.keys(parameters).length }] : [];
  });
  const [best, ...others] = matches.sort((a, b) => a.rank - b.rank);
  if (best === undefined) throw new Error("no route takes the request");
  if (!rest) return best;
  const samePath = [best, ...others].filter(({ route }) => route.path === best.route.path);
  const found =
    samePath.find(({ route }) => route.method === method) ??
    samePath.find(({ route }) => route.method === "ANY");
  if (found === undefined) throw new Error(`${best.route.path} has no method ${method}`);
  return found;
}

/** The event of a request; undefined if its route wants a signature and there is none. */
export function eventOf(api: TemplateApi, match: RouteMatch, request: SentRequest) {
  const { method, target, body, caller, version = "1.39", key = "" } = request;
  const signed = match.route.authorization === "iam";
  if (signed && caller === undefined) return undefined;
  const headers = {
    host: key === "" ? "abc.execute-api.us-east-1.amazonaws.com" : "cloud.example",
    "openstack-api-version": `placement ${version}`,
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...request.headers,
  };
  const bytes = Buffer.from(body === undefined ? "" : JSON.stringify(body));
  const incoming = { method, target: `${key}${target}`, headers, body: bytes };
  const signer = signed ? caller : undefined;
  const { StageVariables, Variables } = api.stage.Properties;
  if (!api.rest) return formatTwo(match, incoming, signer, StageVariables);
  return formatOne(match, incoming, {
    stageVariables: Variables,
    ownName: key === "",
    ...(signer === undefined ? {} : { identity: { ...REST_SIGNER, userArn: signer } }),
  });
}

function formatOne(
  { route, parameters }: RouteMatch,
  { method, target, headers, body }: IncomingRequest,
  more: Pick<RestEventParts, "stageVariables" | "ownName" | "identity">,
) {
  const [path = "/", search] = target.split("?");
  return restEventOf({
    method,
    resource: route.path,
    path,
    params: Object.keys(parameters).length > 0 ? parameters : undefined,
    query: listsOf(new URLSearchParams(search)),
    headers: listsOf(Object.entries(headers)) ?? {},
    body,
    stage: REST_STAGE,
    ...more,
  });
}

function formatTwo(
  { route, parameters }: RouteMatch,
  { method, target, headers, body }: IncomingRequest,
  caller: string | undefined,
  stageVariables: unknown,
) {
  const sent = {
    method,
    target,
    httpVersion: "1.1",
    rawHeaders: Object.entries(headers).flat(),
    sourceIp: "192.0.2.1",
    localPort: 443,
    body,
  };
  const { event } = httpEvent([], sent, Date.now());
  const routeKey = route.key;
  const iam = { accountId: "123456789012", userArn: caller, userId: "AROAEXAMPLE:session" };
  return {
    ...event,
    routeKey,
    stageVariables,
    ...(Object.keys(parameters).length > 0 ? { pathParameters: parameters } : {}),
    requestContext: {
      ...event.requestContext,
      routeKey,
      ...(caller === undefined ? {} : { authorizer: { iam } }),
    },
  };
}

export function answerOf(result: APIGatewayProxyStructuredResultV2): GatewayAnswer {
  const headers = result.headers ?? {};
  const json = String(headers["content-type"] ?? "").startsWith("application/json");
  const body = json && result.body ? JSON.parse(result.body) : result.body;
  return { status: result.statusCode ?? 200, headers, body };
}
