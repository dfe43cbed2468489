/**
 * Events of a REST API, payload format 1.0, in the shape that API Gateway records.
 *
 * Source: API Gateway developer guide, "Set up Lambda proxy integrations".
 */
import type { AnyOperation } from "../../lib/api/operation.ts";

type Lists = Readonly<Record<string, readonly string[]>>;

export interface RestEventParts {
  readonly method: string;
  /** The path of the matched resource. */
  readonly resource: string;
  /** Decoded; with the key of a domain's mapping, without a stage. */
  readonly path: string;
  readonly params?: Readonly<Record<string, string>> | undefined;
  readonly query?: Lists | undefined;
  readonly headers: Lists;
  readonly body?: Uint8Array | undefined;
  readonly stage: string;
  readonly stageVariables?: Readonly<Record<string, string>> | undefined;
  /** The members of `requestContext.identity` and `requestContext.authorizer`. */
  readonly identity?: Readonly<Record<string, unknown>> | undefined;
  readonly authorizer?: Readonly<Record<string, unknown>> | undefined;
  /** Whether API Gateway is called by its own name, which has the stage before the path. Default: it is. */
  readonly ownName?: boolean | undefined;
  /** Other members of `requestContext`, in place of examples. */
  readonly context?: Readonly<Record<string, unknown>> | undefined;
}

/** Binary types of the API are all, so that every body arrives in base64. */
export function restEventOf(parts: RestEventParts) {
  const { method, resource, path, params, query, headers, body, stage } = parts;
  const bodied = body !== undefined && body.length > 0;
  return {
    resource,
    path,
    httpMethod: method,
    headers: lastOf(headers),
    multiValueHeaders: headers,
    queryStringParameters: query === undefined ? null : lastOf(query),
    multiValueQueryStringParameters: query ?? null,
    pathParameters: params ?? null,
    stageVariables: parts.stageVariables ?? null,
    requestContext: {
      resourceId: "abc123",
      resourcePath: resource,
      httpMethod: method,
      extendedRequestId: "eXt=",
      requestTime: "01/Jan/2030:00:00:00 +0000",
      path: parts.ownName === false ? path : `/${stage}${path}`,
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
        ...parts.identity,
      },
      domainName: "api.execute-api.us-east-1.amazonaws.com",
      deploymentId: "def456",
      apiId: "api",
      ...parts.context,
      ...(parts.authorizer === undefined ? {} : { authorizer: parts.authorizer }),
    },
    body: bodied ? Buffer.from(body).toString("base64") : null,
    isBase64Encoded: bodied,
  };
}

/** The values of each name in their order; undefined without any. */
export function listsOf(
  pairs: Iterable<readonly [string, string]>,
): Record<string, string[]> | undefined {
  const lists: Record<string, string[]> = Object.create(null);
  for (const [name, value] of pairs) lists[name] = [...(lists[name] ?? []), value];
  return Object.keys(lists).length === 0 ? undefined : lists;
}

function lastOf(lists: Lists): Record<string, string> {
  return Object.fromEntries(Object.entries(lists).map(([name, all]) => [name, all.at(-1) ?? ""]));
}

export interface RestRequest extends Omit<RestEventParts, "headers" | "body" | "stage"> {
  readonly headers?: Lists;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly stage?: string;
}

/** An event with the headers of a usual client. */
export function restEvent({ headers, body, stage = "prod", ...request }: RestRequest) {
  return restEventOf({
    ...request,
    stage,
    headers: {
      Host: ["placement.example"],
      "OpenStack-API-Version": ["placement 1.39"],
      "X-Forwarded-Proto": ["https"],
      ...(body === undefined ? {} : { "Content-Type": ["application/json"] }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
  });
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
