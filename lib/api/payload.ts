/**
 * What Lambda lets through: it counts the UTF-8 of the JSON of a whole event or
 * result, with the escapes of the texts in it.
 *
 * Source: AWS Lambda developer guide, "Lambda quotas".
 */
import { LIMITS } from "./limits.ts";

/** Bytes that one UTF-16 unit takes at most, as in `\u0000`. */
const WIDEST = 6;

/**
 * Whether an event or a result is small enough. It is measured only if it may be too large.
 * @param bodyLength UTF-16 units of its body: as it is, or as JSON if it is a value
 */
export function fitsPayload(payload: object, bodyLength: number): boolean {
  const around = jsonBytes({ ...payload, body: "" });
  if (WIDEST * bodyLength + around <= LIMITS.payloadBytes) return true;
  return jsonBytes(payload) <= LIMITS.payloadBytes;
}

/** UTF-8 bytes of the JSON of `value`. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
