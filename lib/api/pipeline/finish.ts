/** The last step of every answer: its coding, and its form for the kind of caller. */
import { LIMITS } from "../limits.ts";
import { fitsPayload, jsonBytes } from "../payload.ts";
import { isKnown, type PreparedBody } from "../prepared.ts";
import { acceptsGzip, gzipped } from "./coding.ts";
import type { RequestContext } from "./request-context.ts";
import type { Result } from "./result.ts";

export const CODING_HEADER = "accept-encoding";

/** An answer before its coding. Headers are added to its object, which must not be shared. */
export interface Outcome {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

export interface PreparedOutcome extends Omit<Outcome, "body"> {
  readonly prepared: PreparedBody;
}

/** Whether a function can return it; `body` is the text that it was made from. */
export function fits(result: Result, body = ""): boolean {
  return fitsPayload(result, body.length);
}

/** The size of a result that does not fit, by the greatest size. */
export function timesTooLarge(result: Result): number {
  return jsonBytes(result) / LIMITS.payloadBytes;
}

/** For every body that some clients receive compressed, compressed or not. */
export function varyByCoding(headers: Record<string, string>): void {
  const { vary } = headers;
  if (vary?.includes(CODING_HEADER)) return;
  headers["vary"] = vary === undefined ? CODING_HEADER : `${vary}, ${CODING_HEADER}`;
}

export async function finish(
  { source, inbound }: RequestContext,
  { status, headers, body }: Outcome,
): Promise<Result> {
  if (source !== "http") {
    return { status, headers, ...(body === undefined ? {} : { body: parsed(headers, body) }) };
  }
  if (body === undefined) return { statusCode: status, headers };
  if (isSmall(body)) return { statusCode: status, headers, body };
  varyByCoding(headers);
  if (!acceptsGzip(inbound?.headers[CODING_HEADER])) return { statusCode: status, headers, body };
  const compressed = await gzipped(body);
  return coded(status, headers, compressed.toString("base64"));
}

/** Counts the bytes of short texts only: each character has one at least. */
function isSmall(body: string): boolean {
  return body.length < LIMITS.compressedFrom && Buffer.byteLength(body) < LIMITS.compressedFrom;
}

/** 304 without a body if the client already has the representation that it would receive. */
export function finishPrepared(
  { source, inbound }: RequestContext,
  { status, headers, prepared }: PreparedOutcome,
): Result {
  const { plain, gzip } = prepared;
  if (source !== "http") {
    headers["content-type"] = "application/json";
    return { status, headers, body: JSON.parse(plain.body) };
  }
  const compressed = acceptsGzip(inbound?.headers[CODING_HEADER]);
  const { body, etag } = compressed ? gzip : plain;
  varyByCoding(headers);
  headers["etag"] = etag;
  if (isKnown(etag, inbound?.headers["if-none-match"])) return { statusCode: 304, headers };
  headers["content-type"] = "application/json";
  return compressed ? coded(status, headers, body) : { statusCode: status, headers, body };
}

function coded(statusCode: number, headers: Record<string, string>, body: string): Result {
  const all = { ...headers, "content-encoding": "gzip" };
  return { statusCode, headers: all, body, isBase64Encoded: true };
}

function parsed(headers: Record<string, string>, body: string): unknown {
  return headers["content-type"] === "application/json" ? JSON.parse(body) : body;
}
