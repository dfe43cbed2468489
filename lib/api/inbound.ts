/**
 * A request in one form, whether API Gateway (HTTP API, payload format 2.0) or
 * another function sent it.
 *
 * Source: Amazon API Gateway developer guide, "AWS Lambda proxy integrations for
 * HTTP APIs".
 */
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { type DirectRequest, directRequestSchema, directVersion } from "./direct.ts";
import { type AnyOperation, methodOf, pathOf } from "./operation.ts";
import { Query } from "./query.ts";
import { InvalidBody } from "./refusals.ts";
import { schemaWords } from "./schema-words.ts";
import { unsoundWords } from "./sound-json.ts";

export interface Inbound {
  readonly source: "http" | "direct";
  readonly method: string;
  /** Decoded. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body's bytes; undefined for none. Direct callers send a value instead. */
  readonly bytes: Uint8Array | undefined;
  readonly value: unknown;
  readonly authorizer: unknown;
  readonly origin: string;
}

export function isHttpEvent(event: unknown): event is APIGatewayProxyEventV2 {
  return typeof event === "object" && event !== null && "requestContext" in event;
}

export function fromHttp(event: APIGatewayProxyEventV2): Inbound {
  const headers = lowerCase(event.headers ?? {});
  const stage = event.requestContext.stage;
  const prefix = stage === undefined || stage === "$default" ? "" : `/${stage}`;
  const path = event.rawPath.startsWith(`${prefix}/`)
    ? event.rawPath.slice(prefix.length)
    : event.rawPath;
  return {
    source: "http",
    method: event.requestContext.http.method,
    path: path === "" || event.rawPath === prefix ? "/" : path,
    params: defined(event.pathParameters ?? {}),
    query: Query.parse(event.rawQueryString),
    headers,
    bytes: bodyBytes(event),
    value: undefined,
    authorizer: (event.requestContext as { authorizer?: unknown }).authorizer,
    origin: `${originOf(headers, event.requestContext.domainName)}${prefix}`,
  };
}

const SCHEME = /^https?$/;
const HOST = /^[A-Za-z0-9._:[\]-]{1,255}$/;

/** Clients choose these headers, and answers repeat them: what is no scheme or host is left out. */
function originOf(headers: Readonly<Record<string, string>>, domainName: string): string {
  const scheme = headers["x-forwarded-proto"] ?? "";
  const host = headers["host"] ?? "";
  return `${SCHEME.test(scheme) ? scheme : "https"}://${HOST.test(host) ? host : domainName}`;
}

/** @throws InvalidBody if the event is not a {@link DirectRequest} */
export function fromDirect(event: unknown, operation: AnyOperation): Inbound {
  const parsed = directRequestSchema.safeParse(event);
  if (!parsed.success) throw new InvalidBody(schemaWords(directRequestSchema, event, parsed.error));
  const unsound = unsoundWords(event);
  if (unsound !== undefined) throw new InvalidBody(unsound);
  const request = parsed.data;
  const { params, pairs } = splitParameters(request, operation);
  return {
    source: "direct",
    method: methodOf(operation),
    path: pathOf(operation),
    params,
    query: new Query(pairs),
    headers: {
      "openstack-api-version": `placement ${directVersion(request.version)}`,
      ...(request.requestId === undefined ? {} : { "x-openstack-request-id": request.requestId }),
      ...(request.idempotencyKey === undefined
        ? {}
        : { "idempotency-key": request.idempotencyKey }),
    },
    bytes: undefined,
    value: request.body,
    authorizer: undefined,
    origin: "",
  };
}

function splitParameters(request: DirectRequest, operation: AnyOperation) {
  const params: Record<string, string> = {};
  const pairs: [string, string][] = [];
  for (const [name, given] of Object.entries(request.parameters ?? {})) {
    if (typeof given === "string" && pathOf(operation).includes(`{${name}}`)) params[name] = given;
    else for (const value of [given].flat()) pairs.push([name, value]);
  }
  const missing = [...pathOf(operation).matchAll(/\{(\w+)\}/g)].find(
    ([, name]) => params[name ?? ""] === undefined,
  );
  if (missing !== undefined) {
    throw new InvalidBody(`'${missing[1]}' is a required property of 'parameters'`);
  }
  return { params, pairs };
}

function bodyBytes(event: APIGatewayProxyEventV2): Uint8Array | undefined {
  if (event.body === undefined || event.body === "") return undefined;
  return Buffer.from(event.body, event.isBase64Encoded ? "base64" : "utf8");
}

function lowerCase(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value ?? ""]);
  return Object.fromEntries(entries);
}

function defined(params: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, value ?? ""]));
}
