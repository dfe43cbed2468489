/**
 * What a request may hold at most, whatever its operation is. Sizes that depend on
 * the operation stand in its schema; what a change may touch is in the configuration.
 * docs/limits.md lists them all.
 */
import { BodyBeyondLimit, QueryBeyondLimit } from "./refusals.ts";

/** Lambda's limit on what a function is invoked with, and on what it returns: bytes of its JSON. */
const PAYLOAD_BYTES = 6_291_456;

export const LIMITS = {
  payloadBytes: PAYLOAD_BYTES,
  /** What a body can never exceed: the event's JSON around it leaves less, see `fitsPayload`. */
  bodyBytes: PAYLOAD_BYTES,
  /** Characters of an answer's text: more is neither made nor compressed. */
  answerLength: 100_000_000,
  /** Bytes of an answer's body from which it is compressed. */
  compressedFrom: 8_192,
  /** Objects and arrays inside each other; the deepest of Placement's bodies has 7. */
  bodyDepth: 16,
  /** Objects, arrays, texts, numbers and constants in all. */
  bodyValues: 250_000,
  /** Members of one object or array. */
  bodyMembers: 20_000,
  queryParameters: 500,
  queryNameLength: 256,
  /** API Gateway's limit on the head of a request is 10,240 bytes. */
  queryValueLength: 10_240,
} as const;

const QUOTE = '"'.charCodeAt(0);
const BACKSLASH = "\\".charCodeAt(0);
const COMMA = ",".charCodeAt(0);
const OPENING = new Set([..."[{"].map((text) => text.charCodeAt(0)));
const CLOSING = new Set([..."]}"].map((text) => text.charCodeAt(0)));

/**
 * Looks over JSON before it is parsed, in one pass: neither depth nor number may
 * cost more than that.
 * @throws BodyBeyondLimit
 */
export function checkText(text: string): void {
  let depth = 0;
  let values = 1;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (quoted) {
      if (code === BACKSLASH) index += 1;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) {
      quoted = true;
    } else if (OPENING.has(code)) {
      depth += 1;
      values += 1;
      if (depth > LIMITS.bodyDepth) throw tooDeep();
    } else if (CLOSING.has(code)) {
      depth -= 1;
    } else if (code === COMMA) {
      values += 1;
    }
    // Empty objects and arrays count twice here.
    if (values > 2 * LIMITS.bodyValues) throw tooMany();
  }
}

/**
 * Looks over a parsed body, level by level.
 * @throws BodyBeyondLimit
 */
export function checkValue(body: unknown): void {
  let level: unknown[] = [body];
  let values = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    values += level.length;
    if (values > LIMITS.bodyValues) throw tooMany();
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== "object" || value === null) continue;
      if (depth >= LIMITS.bodyDepth) throw tooDeep();
      for (const member of membersOf(value)) next.push(member);
    }
    level = next;
  }
}

function membersOf(value: object): unknown[] {
  const members = Array.isArray(value) ? value : Object.values(value);
  if (members.length > LIMITS.bodyMembers) {
    throw new BodyBeyondLimit(`at most ${LIMITS.bodyMembers} members in an object or array`);
  }
  return members;
}

/** @throws QueryBeyondLimit */
export function checkQuery(pairs: readonly (readonly [string, string])[]): void {
  const { queryParameters, queryNameLength, queryValueLength } = LIMITS;
  if (pairs.length > queryParameters) {
    throw new QueryBeyondLimit(`at most ${queryParameters} parameters`);
  }
  for (const [name, value] of pairs) {
    if (name.length > queryNameLength) {
      throw new QueryBeyondLimit(`names of at most ${queryNameLength} characters`);
    }
    if (value.length > queryValueLength) {
      throw new QueryBeyondLimit(`values of at most ${queryValueLength} characters`);
    }
  }
}

function tooDeep(): BodyBeyondLimit {
  return new BodyBeyondLimit(`at most ${LIMITS.bodyDepth} objects and arrays inside each other`);
}

function tooMany(): BodyBeyondLimit {
  return new BodyBeyondLimit(`at most ${LIMITS.bodyValues} values`);
}
