/** Answers and refusals as results for API Gateway and for direct callers. */
import { minor, versionText } from "../../model/microversion.ts";
import { Refusal } from "../../model/refusal.ts";
import type { Answer } from "../answer.ts";
import { errorDocument } from "../error-document.ts";
import { LIMITS } from "../limits.ts";
import { isRead } from "../operation.ts";
import {
  ANSWER_TOO_LARGE,
  AnswerTooLarge,
  MalformedVersion,
  MethodNotAllowed,
  MissingIdentity,
  UnexpectedFailure,
  UnservedVersion,
} from "../refusals.ts";
import { challenge } from "./challenge.ts";
import { acceptsGzip } from "./coding.ts";
import {
  CODING_HEADER,
  finish,
  finishPrepared,
  fits,
  type Outcome,
  timesTooLarge,
  varyByCoding,
} from "./finish.ts";
import { basePathOf, linksAt, locationAt } from "./links.ts";
import type { RequestContext } from "./request-context.ts";
import type { Result } from "./result.ts";

const VERSION_HEADER = "openstack-api-version";

/** Characters of an error message whose full text is too large for an answer. */
const MAX_MESSAGE = 100_000;

const dateOf = ({ runtime }: RequestContext, time: number) =>
  runtime.httpDate?.(time) ?? new Date(time).toUTCString();

/** @throws AnswerTooLarge */
export async function respond(context: RequestContext, answer: Answer): Promise<Result> {
  const { status, prepared, lastModified } = answer;
  const headers = common(context, true);
  Object.assign(headers, locationAt(context, answer.headers));
  if (lastModified !== undefined && (context.version ?? 0) >= minor("1.15")) {
    headers["cache-control"] = "no-cache";
    if (typeof lastModified === "number") headers["last-modified"] = dateOf(context, lastModified);
  }
  if (prepared !== undefined) return finishPrepared(context, { status, headers, prepared });
  const body = textOf(context, answer);
  if (body !== undefined) {
    headers["content-type"] = context.operation.mediaType ?? "application/json";
  }
  const result = await finish(context, { status, headers, body });
  if (!fits(result, body)) throw tooLarge(context, answer, timesTooLarge(result));
  return result;
}

/** Bounds the text before it is compressed or copied. */
function textOf(context: RequestContext, answer: Answer): string | undefined {
  const { body, text: made } = answer;
  let times = Number.POSITIVE_INFINITY;
  if (body === undefined && made === undefined) return undefined;
  try {
    const text = made?.(basePathOf(context)) ?? JSON.stringify(linksAt(context, body));
    if (text.length <= LIMITS.answerLength) return text;
    times = text.length / LIMITS.answerLength;
  } catch (error) {
    // Longer than a string can be.
    if (!(error instanceof RangeError)) throw error;
  }
  throw tooLarge(context, answer, times);
}

/** No write has such an answer (`test/protocol/answer-sizes.test.ts`): it could not be undone. */
function tooLarge({ operation, inbound }: RequestContext, answer: Answer, times: number): Error {
  if (!isRead(operation)) return new Error("the answer to a write is too large");
  const http = inbound?.source === "http";
  const gzipMayHelp = http && !acceptsGzip(inbound.headers[CODING_HEADER]);
  return answer.tooLarge?.({ times, gzipMayHelp }) ?? new AnswerTooLarge(gzipMayHelp);
}

/** The error document for what was thrown. An unexpected error is logged, not shown to clients. */
export async function refuse(context: RequestContext, thrown: unknown): Promise<Result> {
  const refusal = thrown instanceof Refusal ? thrown : unexpected(context, thrown);
  const { cause } = refusal;
  if (cause !== undefined && !(cause instanceof Refusal)) logFailure(context, cause);
  const outcome = refusalOutcome(context, refusal);
  const result = await finish(context, outcome);
  // A message may repeat much of the request.
  if (fits(result, outcome.body)) return result;
  return finish(context, refusalOutcome(context, refusal, MAX_MESSAGE));
}

function refusalOutcome(context: RequestContext, refusal: Refusal, maxLength?: number): Outcome {
  const unversioned = refusal instanceof UnservedVersion || refusal instanceof MalformedVersion;
  const document = errorDocument(refusal, {
    requestId: context.requestId,
    accept: context.inbound?.headers["accept"],
    version: context.version,
    ...(maxLength === undefined ? {} : { maxLength }),
  });
  const headers = common(context, !unversioned && refusal.vary);
  headers["content-type"] = document.contentType;
  // With another coding the answer might have fitted.
  if (refusal.code === ANSWER_TOO_LARGE && context.source === "http") {
    varyByCoding(headers);
  }
  if (refusal instanceof MethodNotAllowed && refusal.allow !== undefined) {
    headers["allow"] = refusal.allow.join(", ");
  }
  const challenged = refusal instanceof MissingIdentity ? challenge(context) : undefined;
  if (challenged !== undefined) headers["www-authenticate"] = challenged;
  if (refusal.retryAfter !== undefined) headers["retry-after"] = String(refusal.retryAfter);
  return { status: refusal.status, headers, body: document.body };
}

/** @param varies whether another version may have another answer */
function common({ headers: given, requestId, version }: RequestContext, varies: boolean) {
  const headers: Record<string, string> = { ...given, "x-openstack-request-id": requestId };
  if (version === undefined) return headers;
  headers[VERSION_HEADER] = `placement ${versionText(version)}`;
  // If cross-origin requests are allowed, the answer depends on the origin too.
  const { vary } = given;
  if (varies) headers["vary"] = vary === undefined ? VERSION_HEADER : `${VERSION_HEADER}, ${vary}`;
  return headers;
}

function unexpected(context: RequestContext, thrown: unknown): Refusal {
  logFailure(context, thrown);
  return new UnexpectedFailure();
}

function logFailure(context: RequestContext, thrown: unknown): void {
  context.runtime.log({
    level: "ERROR",
    message: "unexpected failure",
    operation: context.operation.id,
    requestId: context.requestId,
    error: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
  });
}
