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
  const around = jsonBytes({ ...payload, body: "" });
  if (WIDEST * bodyLength + around <= LIMITS.payloadBytes) return true;
  return jsonBytes(payload) <= LIMITS.payloadBytes;
}

/** UTF-8 bytes of `value` as JSON. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
