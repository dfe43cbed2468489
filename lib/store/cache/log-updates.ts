/** The updates of a shard log; `shard-log.ts` says when each is made. */
import { read } from "../items/attributes.ts";
import { log } from "../items/shard-log.ts";
import {
  add,
  addTo,
  atMost,
  type Change,
  type Clause,
  countTo,
  equals,
  exists,
  remove,
  set,
} from "../table/expressions.ts";
import type { Item } from "../table/item.ts";

export interface LogUpdate {
  readonly changes: readonly Change[];
  readonly when: readonly Clause[];
}

/** Gives each entry the next number as its stamp. */
export function naming(changed: readonly string[]): LogUpdate {
  return {
    changes: [
      ...changed.map((entry) => addTo(log.entry(entry), log.counter, 1)),
      add(log.counter, 1),
    ],
    when: [exists(...log.entries)],
  };
}

/** Removes all entries: readers of an older version read the shards in full. */
export function resetting(): LogUpdate {
  return {
    changes: [
      set(log.entries, {}),
      countTo(log.base, log.counter, 1),
      countTo(log.counter, log.counter, 1),
    ],
    when: [],
  };
}

/**
 * Removes the oldest entries if their stamps are unchanged; the largest of these becomes the
 * base, unless it is higher already.
 */
export function trimming(seen: Item, kept: number): LogUpdate {
  const stamps = Object.entries(read(seen, log.entries) ?? {}).toSorted(([, a], [, b]) => a - b);
  const oldest = stamps.slice(0, stamps.length - kept);
  const [, largest] = oldest.at(-1) ?? ["", 0];
  const base = Math.max(read(seen, log.base), largest);
  return {
    changes: [set(log.base, base), ...oldest.map(([entry]) => remove(log.entry(entry)))],
    when: [
      atMost(log.base, base),
      ...oldest.map(([entry, stamp]) => equals(log.entry(entry), stamp)),
    ],
  };
}
