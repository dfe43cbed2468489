/**
 * What unfinished large changes leave: items as their record decides, marks
 * without a record, records that nobody finished, pages without a record.
 */
import { type Item, type Key, keyText } from "../item.ts";
import { beforeImage, markOf } from "../two-phase/marks.ts";
import { RECORD_PREFIX, RECORDS_PK, recordKey, recordOf } from "../two-phase/records.ts";
import { type Finding, finding } from "./finding.ts";

/**
 * Milliseconds that a record may outlive its time before it counts as left
 * behind: clocks differ, and a sweep may be about to finish it.
 */
export const CHANGE_GRACE = 60_000;

/** By the id of a change. */
export type Records = ReadonlyMap<string, Item | undefined>;

/** The change whose record decides about `item`, or that `item` is a page of. */
export function changeOf(item: Item): string | undefined {
  if (item.pk.startsWith(RECORD_PREFIX)) return item.pk.slice(RECORD_PREFIX.length);
  return markOf(item)?.change;
}

export function recordKeysOf(items: Iterable<Item>): Map<string, Key> {
  const keys = new Map<string, Key>();
  for (const item of items) {
    const change = changeOf(item);
    if (change !== undefined) keys.set(change, recordKey(change));
  }
  return keys;
}

/** The item as a reader is to see it; undefined: there is none. */
export function imageOf(item: Item, records: Records): Item | undefined {
  const mark = markOf(item);
  if (mark === undefined) return item;
  const record = records.get(mark.change);
  const committed = record !== undefined && recordOf(record).state === "committed";
  return committed ? mark.after : beforeImage(item, mark);
}

/** @param now milliseconds since 1970, by the verifier's clock */
export function brokenMarks(item: Item, records: Records, now: number): Finding[] {
  if (item.pk === RECORDS_PK && item.sk.startsWith(RECORD_PREFIX)) {
    const { id, state, expires } = recordOf(item);
    if (now <= expires + CHANGE_GRACE) return [];
    return [finding("change-left", `the large change ${id} was left behind, ${state}`, item)];
  }
  const change = changeOf(item);
  if (change === undefined || records.get(change) !== undefined) return [];
  const where = `${item.pk} ${item.sk}`;
  const page = item.pk.startsWith(RECORD_PREFIX);
  const what = page ? `${where} is a page of no change` : `${where} is marked by no known change`;
  return [finding(page ? "page-orphan" : "mark-orphan", what, item, recordKey(change))];
}

export function indexed(items: Iterable<Item>): Map<string, Item> {
  return new Map([...items].map((item) => [keyText(item), item]));
}
