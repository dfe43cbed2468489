/** Events of a REST API, payload format 1.0, in the shape that API Gateway records. */
import type { AnyOperation } from "../../lib/api/operation.ts";

export interface RestRequest {
  readonly method: string;
  /** The path of the matched resource; default: that of `operation`. */
  readonly resource: string;
  readonly path: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, readonly string[]>>;
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  readonly body?: unknown;
  readonly stage?: string;
  readonly stageVariables?: Readonly<Record<string, string>>;
  /** The members of `requestContext.identity` and `requestContext.authorizer`. */
  readonly identity?: Readonly<Record<string, unknown>>;
  readonly authorizer?: Readonly<Record<string, unknown>>;
  /** Whether API Gateway was called by its own name, so that the path has the stage. */
  readonly ownName?: boolean;
}

/** Binary types of the API are all, so that every body arrives in base64. */
export function restEvent(request: RestRequest) {
  const { method, resource, path, params, query, headers = {}, body, stage = "prod" } = request;
  const given = {
    Host: ["placement.example"],
    "OpenStack-API-Version": ["placement 1.39"],
    "X-Forwarded-Proto": ["https"],
    ...(body === undefined ? {} : { "Content-Type": ["application/json"] }),
    ...headers,
  };
  const last = (lists: Readonly<Record<string, readonly string[]>>) =>
    Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, values.at(-1) ?? ""]));
  return {
    resource,
    path,
    httpMethod: method,
    headers: last(given),
    multiValueHeaders: given,
    queryStringParameters: query === undefined ? null : last(query),
    multiValueQueryStringParameters: query ?? null,
    pathParameters: params ?? null,
    stageVariables: request.stageVariables ?? null,
    requestContext: {
      resourceId: "abc123",
      resourcePath: resource,
      httpMethod: method,
      extendedRequestId: "eXt=",
      requestTime: "01/Jan/2030:00:00:00 +0000",
      path: request.ownName === false ? path : `/${stage}${path}`,
      accountId: "123456789012",
      protocol: "HTTP/1.1",
      stage,
      domainPrefix: "api",
      requestTimeEpoch: Date.UTC(2030, 0, 1),
      requestId: "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
      identity: {
        cognitoIdentityPoolId: null,
        accountId: null,
        caller: null,
        sourceIp: "192.0.2.1",
        principalOrgId: null,
        accessKey: null,
        userAgent: "probe/1",
        userArn: null,
        user: null,
        ...request.identity,
      },
      domainName: "api.execute-api.us-east-1.amazonaws.com",
      deploymentId: "def456",
      apiId: "api",
      ...(request.authorizer === undefined ? {} : { authorizer: request.authorizer }),
    },
    body: body === undefined ? null : Buffer.from(JSON.stringify(body)).toString("base64"),
    isBase64Encoded: body !== undefined,
  };
}

/** A request for an operation whose resource is its own path. */
export function restRequest(
  operation: AnyOperation,
  params: Readonly<Record<string, string>> = {},
): Pick<RestRequest, "method" | "resource" | "path" | "params"> {
  const [method = "", resource = ""] = operation.route.split(" ");
  const path = resource.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? "");
  return { method, resource, path, ...(Object.keys(params).length === 0 ? {} : { params }) };
}

export const REST_SIGNER = {
  accountId: "123456789012",
  userArn: "arn:aws:sts::123456789012:assumed-role/nova/session",
  user: "AROAEXAMPLE:session",
  caller: "AROAEXAMPLE:session",
  accessKey: "ASIAEXAMPLE",
};
