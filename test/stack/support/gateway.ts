/** API Gateway's part, played from the template's routes. */
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { matchPath } from "../../../lib/api/routes.ts";
import { httpEvent } from "../../../lib/local/http-event.ts";
import type { Assembly, Resource } from "./assembly.ts";

export interface SignedRequest {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The ARN of whoever signed; none: the request is not signed. */
  readonly caller?: string;
  readonly version?: string;
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

interface RouteMatch {
  readonly route: Resource;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Whole matches first, then a greedy variable, then `$default`, as API Gateway chooses. */
export function routeOf(assembly: Assembly, method: string, target: string): RouteMatch {
  const path = decodeURIComponent(target.split("?")[0] ?? "");
  const routes = assembly.ofType("AWS::ApiGatewayV2::Route").map(([, route]) => route);
  const matches = routes.flatMap((route) => {
    const [verb, template] = route.Properties.RouteKey.split(" ");
    if (verb === "$default") return { route, parameters: {}, rank: 1_000 };
    if (verb !== method) return [];
    if (template === "/{proxy+}") {
      return path === "/" ? [] : { route, parameters: { proxy: path.slice(1) }, rank: 100 };
    }
    const parameters = matchPath(template, path);
    return parameters ? { route, parameters, rank: Object.keys(parameters).length } : [];
  });
  const [best] = matches.sort((a, b) => a.rank - b.rank);
  if (best === undefined) throw new Error("the template has no route $default");
  return best;
}

/** The event of a request; undefined if its route wants a signature and there is none. */
export function eventOf({ route, parameters }: RouteMatch, request: SentRequest) {
  const { method, target, body, caller, version = "1.39" } = request;
  const signed = route.Properties.AuthorizationType === "AWS_IAM";
  if (signed && caller === undefined) return undefined;
  const headers = {
    host: "abc.execute-api.us-east-1.amazonaws.com",
    "openstack-api-version": `placement ${version}`,
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...request.headers,
  };
  const sent = {
    method,
    target,
    httpVersion: "1.1",
    rawHeaders: Object.entries(headers).flat(),
    sourceIp: "192.0.2.1",
    localPort: 443,
    body: Buffer.from(body === undefined ? "" : JSON.stringify(body)),
  };
  const { event } = httpEvent([], sent, Date.now());
  const routeKey = route.Properties.RouteKey;
  const iam = { accountId: "123456789012", userArn: caller, userId: "AROAEXAMPLE:session" };
  return {
    ...event,
    routeKey,
    ...(Object.keys(parameters).length > 0 ? { pathParameters: parameters } : {}),
    requestContext: {
      ...event.requestContext,
      routeKey,
      ...(signed ? { authorizer: { iam } } : {}),
    },
  };
}

export function answerOf(result: APIGatewayProxyStructuredResultV2): GatewayAnswer {
  const headers = result.headers ?? {};
  const json = String(headers["content-type"] ?? "").startsWith("application/json");
  const body = json && result.body ? JSON.parse(result.body) : result.body;
  return { status: result.statusCode ?? 200, headers, body };
}
