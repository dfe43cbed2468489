/**
 * Lambda's payload limit: it counts the UTF-8 bytes of the whole event or result as JSON,
 * including escapes.
 *
 * Source: AWS Lambda developer guide, "Lambda quotas".
 */
import { LIMITS } from "./limits.ts";

/** Bytes that one UTF-16 code unit takes at most, as `\u0000` does. */
const WIDEST = 6;

/**
 * Whether an event or a result is within the limit. It is measured only if it might not be.
 * @param bodyLength UTF-16 code units of its body: of the text, or of its JSON if it is a value
 */
export function fitsPayload(payload: object, bodyLength: number): boolean {
  if (WIDEST * bodyLength + widestOf(payload, "body") <= LIMITS.payloadBytes) return true;
  return jsonBytes(payload) <= LIMITS.payloadBytes;
}

/** What a value takes around its text, or as a number or a constant, at most. */
const SHORT = 32;

/** Bytes that `value` takes as JSON at most: its texts are counted, not written. */
function widest(value: unknown): number {
  if (typeof value === "string") return WIDEST * value.length + SHORT;
  if (typeof value !== "object" || value === null) return SHORT;
  return SHORT + widestOf(value);
}

/** The same of all members but `without`. */
function widestOf(value: object, without?: string): number {
  let sum = 0;
  // Each request counts its event and its result: entries of each object would be garbage.
  for (const name in value) {
    if (name === without) continue;
    sum += WIDEST * name.length + SHORT + widest(value[name as keyof typeof value]);
  }
  return sum;
}

/** UTF-8 bytes of `value` as JSON. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
