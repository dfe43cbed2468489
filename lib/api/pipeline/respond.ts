/** Answers and refusals as API Gateway and direct callers take them. */
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { minor, versionText } from "../../model/microversion.ts";
import { Refusal } from "../../model/refusal.ts";
import type { DirectResult } from "../direct.ts";
import { errorDocument } from "../error-document.ts";
import type { Answer } from "../operation.ts";
import {
  MalformedVersion,
  MethodNotAllowed,
  UnexpectedFailure,
  UnservedVersion,
} from "../refusals.ts";
import type { Exchange } from "./exchange.ts";

const VERSION_HEADER = "openstack-api-version";

export type Result = APIGatewayProxyStructuredResultV2 | DirectResult;

interface Outcome {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

export function respond(exchange: Exchange, answer: Answer): Result {
  const headers: Record<string, string> = {
    ...common(exchange),
    ...(exchange.version === undefined ? {} : { vary: varyByVersion(exchange) }),
    ...answer.headers,
  };
  const caching = answer.lastModified !== undefined && (exchange.version ?? 0) >= minor("1.15");
  if (caching) {
    headers["cache-control"] = "no-cache";
    if (typeof answer.lastModified === "number") {
      headers["last-modified"] = new Date(answer.lastModified).toUTCString();
    }
  }
  if (answer.body !== undefined) headers["content-type"] = "application/json";
  const body = answer.body === undefined ? undefined : JSON.stringify(answer.body);
  return finish(exchange, { status: answer.status, headers, body });
}

/** The error document of whatever was thrown; what is no refusal is logged and told to nobody. */
export function refuse(exchange: Exchange, thrown: unknown): Result {
  const refusal = thrown instanceof Refusal ? thrown : unexpected(exchange, thrown);
  const unversioned = refusal instanceof UnservedVersion || refusal instanceof MalformedVersion;
  const document = errorDocument(refusal, {
    requestId: exchange.requestId,
    accept: exchange.inbound?.headers["accept"],
    version: exchange.version,
  });
  const headers: Record<string, string> = {
    ...common(exchange),
    "content-type": document.contentType,
  };
  if (!unversioned && refusal.vary && exchange.version !== undefined) {
    headers["vary"] = varyByVersion(exchange);
  }
  if (refusal instanceof MethodNotAllowed && refusal.allow !== undefined) {
    headers["allow"] = refusal.allow.join(", ");
  }
  if (refusal.retryAfter !== undefined) headers["retry-after"] = String(refusal.retryAfter);
  return finish(exchange, { status: refusal.status, headers, body: document.body });
}

/** With cross-origin requests allowed, the answer depends on the origin too. */
function varyByVersion({ headers }: Exchange): string {
  const vary = headers["vary"];
  return vary === undefined ? VERSION_HEADER : `${VERSION_HEADER}, ${vary}`;
}

function common(exchange: Exchange): Record<string, string> {
  return {
    ...exchange.headers,
    "x-openstack-request-id": exchange.requestId,
    ...(exchange.version === undefined
      ? {}
      : { [VERSION_HEADER]: `placement ${versionText(exchange.version)}` }),
  };
}

function unexpected(exchange: Exchange, thrown: unknown): Refusal {
  exchange.runtime.log({
    level: "ERROR",
    message: "unexpected failure",
    operation: exchange.operation.id,
    requestId: exchange.requestId,
    error: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
  });
  return new UnexpectedFailure();
}

function finish(exchange: Exchange, { status, headers, body }: Outcome): Result {
  if (exchange.source === "http") {
    return { statusCode: status, headers, ...(body === undefined ? {} : { body }) };
  }
  return { status, headers, ...(body === undefined ? {} : { body: parsed(headers, body) }) };
}

function parsed(headers: Record<string, string>, body: string): unknown {
  return headers["content-type"] === "application/json" ? JSON.parse(body) : body;
}
