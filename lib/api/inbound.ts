/** The request in one form, for events of API Gateway and of direct callers. */
import { type DirectRequest, directRequestSchema, directVersion } from "./direct.ts";
import type { EndpointKind } from "./endpoint.ts";
import { fromHttpApi, type HttpEvent, looksLikeHttp } from "./http-event.ts";
import { DIRECT_ALIAS, HTTP_ALIAS, type Source } from "./invocation.ts";
import { type Inspection, inspect } from "./json-inspection.ts";
import { type AnyOperation, methodOf, pathOf } from "./operation.ts";
import { Query } from "./query.ts";
import { InvalidBody, WrongAlias } from "./refusals.ts";
import { fromRestApi, looksLikeRest } from "./rest-event.ts";
import { validationMessage } from "./validation-message.ts";

/** Where the client sees the API. */
export interface Base {
  /** Scheme and host; empty if they are not known, and on direct invocation. */
  readonly origin: string;
  /** Empty, or like `/placement`. */
  readonly path: string;
}

export interface Inbound {
  readonly source: Source;
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
  /** Of that value; undefined over HTTP, where the body is parsed later. */
  readonly inspection: Inspection | undefined;
  /** The way in; undefined on direct invocation. */
  readonly endpoint: EndpointKind | undefined;
  readonly authorizer: unknown;
  readonly base: Base;
  /** The name that a direct caller gives itself; not authenticated. */
  readonly caller: string | undefined;
  /** API Gateway's own id of the request. */
  readonly gatewayRequestId: string | undefined;
}

/**
 * The request in an event. The invoked alias decides how the event is read, never the event
 * itself: a caller that may invoke the function could send any event.
 * @throws WrongAlias, MalformedEvent, InvalidBody
 */
export function inboundFrom(event: unknown, source: Source, operation: AnyOperation): Inbound {
  const http = looksLikeHttp(event);
  if (source === "direct") {
    if (http) throw new WrongAlias(HTTP_ALIAS);
    return fromDirect(event, operation);
  }
  if (!http && directRequestSchema.safeParse(event).success) throw new WrongAlias(DIRECT_ALIAS);
  return fromHttp(event);
}

/** @throws MalformedEvent */
export function fromHttp(given: unknown): Inbound {
  const event = looksLikeRest(given) ? fromRestApi(given) : fromHttpApi(given);
  const { method, path, prefix, params, query, headers, endpoint, authorizer } = event;
  return {
    source: "http",
    method,
    path,
    params,
    query,
    headers,
    bytes: bodyBytes(event),
    value: undefined,
    inspection: undefined,
    endpoint,
    authorizer,
    base: { origin: originOf(headers, event.domainName), path: prefix },
    caller: undefined,
    gatewayRequestId: event.requestId,
  };
}

const SCHEME = /^https?$/;
const HOST = /^[A-Za-z0-9._:[\]-]{1,255}$/;

/** Clients choose these headers and answers repeat them: all but a scheme and a host is dropped. */
function originOf(headers: Readonly<Record<string, string>>, domainName = ""): string {
  const scheme = headers["x-forwarded-proto"] ?? "";
  const host = [headers["host"] ?? "", domainName].find((name) => HOST.test(name));
  return host === undefined ? "" : `${SCHEME.test(scheme) ? scheme : "https"}://${host}`;
}

/** @throws InvalidBody if the event is not a {@link DirectRequest} */
function fromDirect(event: unknown, operation: AnyOperation): Inbound {
  const parsed = directRequestSchema.safeParse(event);
  if (!parsed.success)
    throw new InvalidBody(validationMessage(directRequestSchema, event, parsed.error));
  const inspection = inspect(event, "body");
  if (inspection.unsound !== undefined) throw new InvalidBody(inspection.unsound);
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
      ...(request.lease === undefined ? {} : { "placement-lease": String(request.lease) }),
      ...(request.life === undefined ? {} : { "placement-consumer-life": request.life }),
    },
    bytes: undefined,
    value: request.body,
    inspection,
    endpoint: undefined,
    authorizer: undefined,
    base: { origin: "", path: "" },
    caller: request.caller,
    gatewayRequestId: undefined,
  };
}

function splitParameters(request: DirectRequest, operation: AnyOperation) {
  const params: Record<string, string> = {};
  const pairs: [string, string][] = [];
  for (const [name, given] of Object.entries(request.parameters ?? {})) {
    if (typeof given === "string" && pathOf(operation).includes(`{${name}}`)) params[name] = given;
    else for (const value of [given].flat()) pairs.push([name, value]);
  }
  const missing = Object.keys(operation.params ?? {}).find((name) => params[name] === undefined);
  if (missing !== undefined) {
    throw new InvalidBody(`'${missing}' is a required property of 'parameters'`);
  }
  return { params, pairs };
}

function bodyBytes(event: HttpEvent): Uint8Array | undefined {
  if (!event.body) return undefined;
  return Buffer.from(event.body, event.isBase64Encoded ? "base64" : "utf8");
}
