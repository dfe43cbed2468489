/**
 * Parts of an answer that is too large for one. A provider is always in the same of N parts, so
 * that none is missed or shown twice if others come and go between the requests for the parts.
 */
import type { Query } from "../../lib/api/query.ts";
import { AnswerNeedsParts, InvalidQuery } from "../../lib/api/refusals.ts";
import type { Uuid } from "../../lib/model/uuid.ts";

/** Parts have at most three digits. */
const MAX_PARTS = 999;
/** Parts are not equally large, and are to fit when some providers are added. */
const SLACK = 1.25;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

export interface Part {
  /** From 1 to `count`. */
  readonly index: number;
  readonly count: number;
}

/** @throws InvalidQuery */
export function partOf(query: Query): Part {
  const [index = 1, count = 1] = (query.last()["part"] ?? "1/1").split("/").map(Number);
  if (index > count) throw new InvalidQuery(`there is no part ${index} of ${count}`);
  return { index, count };
}

export function isInPart(uuid: Uuid, { index, count }: Part): boolean {
  return count === 1 || hashOf(uuid) % count === index - 1;
}

/** Spreads UUIDs, also those that were counted up. */
function hashOf(uuid: Uuid): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < uuid.length; index += 1) {
    hash = Math.imul(hash ^ uuid.charCodeAt(index), FNV_PRIME);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** @param times the size of the part, by the greatest size; above 1 */
export function needsParts({ count }: Part, times: number, gzipMayHelp = false): AnswerNeedsParts {
  const wanted = Math.ceil(count * times * SLACK);
  return new AnswerNeedsParts(gzipMayHelp, Math.min(MAX_PARTS, wanted));
}
