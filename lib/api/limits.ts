/**
 * The limits of every request, of any operation. Sizes that depend on the operation are in
 * its schema; how many items a change may write is in the configuration.
 * docs/limits.md lists them all.
 */
import { BodyBeyondLimit, QueryBeyondLimit } from "./refusals.ts";

/** Lambda's limit on a function's event and on its result, in bytes of JSON. */
const PAYLOAD_BYTES = 6_291_456;

export const LIMITS = {
  payloadBytes: PAYLOAD_BYTES,
  /** An upper bound: the event's JSON around the body leaves less, see `fitsPayload`. */
  bodyBytes: PAYLOAD_BYTES,
  /** Characters of an answer's text: a longer one is neither built nor compressed. */
  answerLength: 100_000_000,
  /** Bytes of an answer's body from which on it is compressed. */
  compressedFrom: 8_192,
  /** Objects and arrays inside each other; the deepest of Placement's bodies has 7. */
  bodyDepth: 16,
  /** Objects, arrays, strings, numbers and constants in total. */
  bodyValues: 250_000,
  /** Members of one object or array. */
  bodyMembers: 20_000,
  queryParameters: 500,
  queryNameLength: 256,
  /** API Gateway's limit on the head of a request is 10,240 bytes. */
  queryValueLength: 10_240,
  /** Characters of a query in a body, where no URL bounds it: some 2,600 UUIDs. */
  postedQueryLength: 100_000,
} as const;

const TOO_DEEP = `at most ${LIMITS.bodyDepth} objects and arrays inside each other`;
const TOO_MANY = `at most ${LIMITS.bodyValues} values`;
const TOO_WIDE = `at most ${LIMITS.bodyMembers} members in an object or array`;

const QUOTE = '"'.charCodeAt(0);
const BACKSLASH = "\\".charCodeAt(0);
const COMMA = ",".charCodeAt(0);
const OPENING = new Set([..."[{"].map((text) => text.charCodeAt(0)));
const CLOSING = new Set([..."]}"].map((text) => text.charCodeAt(0)));

/**
 * Scans JSON text before it is parsed, so that neither its depth nor its number of values
 * makes parsing expensive.
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
      if (depth > LIMITS.bodyDepth) throw new BodyBeyondLimit(TOO_DEEP);
    } else if (CLOSING.has(code)) {
      depth -= 1;
    } else if (code === COMMA) {
      values += 1;
    }
    // Empty objects and arrays count twice here.
    if (values > 2 * LIMITS.bodyValues) throw new BodyBeyondLimit(TOO_MANY);
  }
}

/**
 * The first limit that a parsed body exceeds, from the outside in.
 * @param values how many there are at each level
 * @param members of the largest object or array at each level; undefined where there is none
 */
export function beyondLimits(
  values: readonly number[],
  members: readonly (number | undefined)[],
): string | undefined {
  let total = 0;
  for (const [level, count] of values.entries()) {
    total += count;
    if (total > LIMITS.bodyValues) return TOO_MANY;
    const most = members[level];
    if (most === undefined) continue;
    if (level >= LIMITS.bodyDepth) return TOO_DEEP;
    if (most > LIMITS.bodyMembers) return TOO_WIDE;
  }
  return undefined;
}

/**
 * @param queryValueLength characters of one value
 * @throws QueryBeyondLimit
 */
export function checkQuery(
  pairs: readonly (readonly [string, string])[],
  queryValueLength: number = LIMITS.queryValueLength,
): void {
  const { queryParameters, queryNameLength } = LIMITS;
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
