/**
 * A body that is the same in every answer: serialised, compressed and tagged once. The
 * plain and the compressed form are two representations, each with its own strong tag.
 *
 * Source: RFC 9110, "ETag" and "If-None-Match".
 */
import { createHash } from "node:crypto";
import { constants } from "node:zlib";
import { gzipped } from "./pipeline/coding.ts";

export interface Representation {
  /** Text, or base64 if it is compressed. */
  readonly body: string;
  /** A strong tag, with its quotes. */
  readonly etag: string;
}

export interface PreparedBody {
  readonly plain: Representation;
  readonly gzip: Representation;
}

/** @param value serialised as JSON; large enough to be worth compressing */
export async function prepare(value: unknown): Promise<PreparedBody> {
  const text = JSON.stringify(value);
  const compressed = await gzipped(text, constants.Z_BEST_COMPRESSION);
  const hash = createHash("sha256").update(text).digest("base64url");
  return {
    plain: { body: text, etag: `"${hash}"` },
    gzip: { body: compressed.toString("base64"), etag: `"${hash}-gzip"` },
  };
}

/** Whether `If-None-Match` lists this tag, by weak comparison. */
export function isKnown(etag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = ifNoneMatch.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes("*") || tags.includes(etag);
}
