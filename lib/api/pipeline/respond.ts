/** Answers and refusals as results for API Gateway and for direct callers. */
import { minor, versionText } from "../../model/microversion.ts";
import { Refusal } from "../../model/refusal.ts";
import type { Answer } from "../answer.ts";
import { errorDocument } from "../error-document.ts";
import { LIMITS } from "../limits.ts";
import { methodOf } from "../operation.ts";
import {
  AnswerTooLarge,
  MalformedVersion,
  MethodNotAllowed,
  UnexpectedFailure,
  UnservedVersion,
} from "../refusals.ts";
import { acceptsGzip } from "./coding.ts";
import type { Exchange } from "./exchange.ts";
import {
  CODING_HEADER,
  finish,
  finishPrepared,
  fits,
  type Outcome,
  varyByCoding,
} from "./finish.ts";
import type { Result } from "./result.ts";

const VERSION_HEADER = "openstack-api-version";

/** Characters of an error message whose full text is too large for an answer. */
const MAX_MESSAGE = 100_000;

/** @throws AnswerTooLarge */
export async function respond(exchange: Exchange, answer: Answer): Promise<Result> {
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
  const { status, prepared } = answer;
  if (prepared !== undefined) return finishPrepared(exchange, { status, headers, prepared });
  if (answer.body !== undefined) headers["content-type"] = "application/json";
  const body = answer.body === undefined ? undefined : textOf(exchange, answer.body);
  const result = await finish(exchange, { status, headers, body });
  if (!fits(result, body)) throw tooLarge(exchange);
  return result;
}

/** Bounds the text before it is compressed or copied. */
function textOf(exchange: Exchange, body: unknown): string {
  try {
    const text = JSON.stringify(body);
    if (text.length <= LIMITS.answerLength) return text;
  } catch (error) {
    // Longer than a string can be.
    if (!(error instanceof RangeError)) throw error;
  }
  throw tooLarge(exchange);
}

/** No write has such an answer (`test/protocol/answer-sizes.test.ts`): it could not be undone. */
function tooLarge({ operation, inbound }: Exchange): Error {
  if (methodOf(operation) !== "GET") return new Error("the answer to a write is too large");
  const http = inbound?.source === "http";
  return new AnswerTooLarge(http && !acceptsGzip(inbound.headers[CODING_HEADER]));
}

/** The error document for what was thrown. An unexpected error is logged, not shown to clients. */
export async function refuse(exchange: Exchange, thrown: unknown): Promise<Result> {
  const refusal = thrown instanceof Refusal ? thrown : unexpected(exchange, thrown);
  const { cause } = refusal;
  if (cause !== undefined && !(cause instanceof Refusal)) logFailure(exchange, cause);
  const outcome = refusalOutcome(exchange, refusal);
  const result = await finish(exchange, outcome);
  // A message may repeat much of the request.
  if (fits(result, outcome.body)) return result;
  return finish(exchange, refusalOutcome(exchange, refusal, MAX_MESSAGE));
}

function refusalOutcome(exchange: Exchange, refusal: Refusal, maxLength?: number): Outcome {
  const unversioned = refusal instanceof UnservedVersion || refusal instanceof MalformedVersion;
  const document = errorDocument(refusal, {
    requestId: exchange.requestId,
    accept: exchange.inbound?.headers["accept"],
    version: exchange.version,
    ...(maxLength === undefined ? {} : { maxLength }),
  });
  const headers: Record<string, string> = {
    ...common(exchange),
    "content-type": document.contentType,
  };
  if (!unversioned && refusal.vary && exchange.version !== undefined) {
    headers["vary"] = varyByVersion(exchange);
  }
  // With another coding the answer might have fitted.
  if (refusal instanceof AnswerTooLarge && exchange.source === "http") {
    varyByCoding(headers);
  }
  if (refusal instanceof MethodNotAllowed && refusal.allow !== undefined) {
    headers["allow"] = refusal.allow.join(", ");
  }
  if (refusal.retryAfter !== undefined) headers["retry-after"] = String(refusal.retryAfter);
  return { status: refusal.status, headers, body: document.body };
}

/** If cross-origin requests are allowed, the answer depends on the origin too. */
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
  logFailure(exchange, thrown);
  return new UnexpectedFailure();
}

function logFailure(exchange: Exchange, thrown: unknown): void {
  exchange.runtime.log({
    level: "ERROR",
    message: "unexpected failure",
    operation: exchange.operation.id,
    requestId: exchange.requestId,
    error: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
  });
}
