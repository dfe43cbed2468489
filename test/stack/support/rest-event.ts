/**
 * The event of a REST API with a Lambda proxy integration, payload format 1.0, in the shape
 * that API Gateway's developer guide gives under "Set up Lambda proxy integrations".
 */

import { REST_STAGE } from "../../../infra/endpoints/props.ts";
import type { IncomingRequest, RouteMatch } from "./gateway.ts";

export interface RestEventParts {
  readonly match: RouteMatch;
  readonly request: IncomingRequest;
  readonly stageVariables: Readonly<Record<string, string>>;
  /** What the authorizer handed on; undefined without one. */
  readonly authorizer: Readonly<Record<string, unknown>> | undefined;
  /** The ARN of the signer; undefined where none signed. */
  readonly caller: string | undefined;
}

export function restEvent({ match, request, stageVariables, authorizer, caller }: RestEventParts) {
  const { method, target, headers, body } = request;
  const [path = "/", search = ""] = target.split("?");
  const query = multiValues([...new URLSearchParams(search)]);
  const multiHeaders = multiValues(Object.entries(headers));
  const signed = caller !== undefined;
  return {
    resource: match.route.path,
    path,
    httpMethod: method,
    headers: lastOf(multiHeaders),
    multiValueHeaders: multiHeaders,
    queryStringParameters: query && lastOf(query),
    multiValueQueryStringParameters: query ?? null,
    pathParameters: Object.keys(match.parameters).length > 0 ? match.parameters : null,
    stageVariables,
    requestContext: {
      resourcePath: match.route.path,
      httpMethod: method,
      path: `/${REST_STAGE}${path}`,
      stage: REST_STAGE,
      protocol: "HTTP/1.1",
      domainName: headers["host"],
      requestId: "6c5f5f0e-2d7b-4b9e-8a38-5d1a2f4c7d10",
      requestTimeEpoch: Date.UTC(2026, 0, 31),
      identity: {
        sourceIp: "192.0.2.1",
        accountId: signed ? "123456789012" : null,
        userArn: caller ?? null,
        user: signed ? "AROAEXAMPLE:session" : null,
        userAgent: headers["user-agent"] ?? null,
      },
      ...(authorizer === undefined ? {} : { authorizer }),
    },
    // With binary types of every kind, all bodies are encoded.
    body: body.length > 0 ? body.toString("base64") : null,
    isBase64Encoded: body.length > 0,
  };
}

/** Null where there is nothing, as API Gateway has it. */
function multiValues(entries: readonly (readonly [string, string])[]) {
  if (entries.length === 0) return null;
  const values: Record<string, string[]> = {};
  for (const [name, value] of entries) values[name] = [...(values[name] ?? []), value];
  return values;
}

function lastOf(values: Readonly<Record<string, readonly string[]>> | null) {
  if (values === null) return null;
  return Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.at(-1) ?? ""]));
}
