/**
 * Cross-origin requests. Every preflight is answered with 200; only an allowed origin gets
 * the headers that let a browser continue.
 *
 * Source: WHATWG Fetch, "CORS protocol".
 */
import type { Answer } from "../answer.ts";
import { inboundOf, type RequestContext } from "./request-context.ts";

const METHODS = ["GET", "PUT", "POST", "DELETE", "PATCH"];
/** The headers that clients of the API send, including those of an IAM signature. */
const HEADERS = [
  "accept",
  "authorization",
  "content-type",
  "idempotency-key",
  "if-none-match",
  "openstack-api-version",
  "openstack-system-scope",
  "placement-consumer-life",
  "placement-lease",
  "x-amz-content-sha256",
  "x-amz-date",
  "x-amz-security-token",
  "x-auth-token",
  "x-openstack-request-id",
];
const EXPOSED = [
  "ETag",
  "Idempotent-Replayed",
  "Location",
  "OpenStack-API-Version",
  "Placement-Lease-Expires-At",
  "Retry-After",
  "WWW-Authenticate",
  "X-Openstack-Request-Id",
  "X-Placement-Truncated",
].join(", ");

export function cors(context: RequestContext): Answer | undefined {
  const { corsOrigins } = context.runtime.configuration;
  const inbound = inboundOf(context);
  if (corsOrigins.length === 0 || inbound.source === "direct") return undefined;
  // For every origin: a cache must not give one origin's answer to another.
  context.headers["vary"] = "Origin";
  const origin = inbound.headers["origin"];
  const allowed = origin !== undefined && corsOrigins.includes(origin);
  if (inbound.method === "OPTIONS") {
    return { status: 200, headers: allowed ? preflight(origin, inbound.headers) : {} };
  }
  if (allowed) {
    context.headers["access-control-allow-origin"] = origin;
    context.headers["access-control-allow-credentials"] = "true";
    context.headers["access-control-expose-headers"] = EXPOSED;
  }
  return undefined;
}

function preflight(
  origin: string,
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  const method = headers["access-control-request-method"] ?? "";
  const asked = (headers["access-control-request-headers"] ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  if (!METHODS.includes(method) || !asked.every((name) => HEADERS.includes(name))) return {};
  return {
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-allow-methods": method,
    ...(asked.length === 0 ? {} : { "access-control-allow-headers": asked.join(",") }),
    "access-control-max-age": "3600",
  };
}
