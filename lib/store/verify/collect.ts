/**
 * Consistent reads of some items and of what their rules need to see.
 *
 * Several reads are no snapshot, while the table is written. But if all of them
 * are made twice, one set after the other, and both sets are equal, then all
 * items were as read at one moment between the two: every change of an item
 * leaves another version, generation or operation id in it or in its owner,
 * which is read beside it. A contradiction counts only if it is seen so.
 *
 * Source: Afek et al., "Atomic Snapshots of Shared Memory" (double collect).
 */
import { isDeepStrictEqual } from "node:util";
import { type Item, type Key, keyText } from "../item.ts";
import type { Store } from "../store.ts";
import { needsOf } from "./check-item.ts";
import { imageOf, recordKeysOf } from "./marks.ts";
import { type Near, nearOf } from "./rule.ts";

/** Queries at a time. */
const WIDTH = 8;

/** Items as they are stored. */
export interface Reading {
  readonly items: ReadonlyMap<string, Item | undefined>;
  readonly partitions: ReadonlyMap<string, readonly Item[]>;
}

export function sameReading(a: Reading, b: Reading): boolean {
  return isDeepStrictEqual(a.items, b.items) && isDeepStrictEqual(a.partitions, b.partitions);
}

/** Reads the items of `keys`, what they need, and the records of whatever marks these. */
export async function collect(store: Store, keys: readonly Key[]): Promise<Reading> {
  const items = new Map<string, Item | undefined>();
  const partitions = new Map<string, readonly Item[]>();
  await read(store, items, keys);
  await readRecords(store, { items, partitions });
  const subjects = keys.flatMap((key) => seen({ items, partitions }, key) ?? []);
  const needs = subjects.map(needsOf);
  await read(
    store,
    items,
    needs.flatMap((each) => each.keys ?? []),
  );
  const wanted = [...new Set(needs.flatMap((each) => each.partitions ?? []))];
  for (let from = 0; from < wanted.length; from += WIDTH) {
    const part = wanted.slice(from, from + WIDTH);
    const found = await Promise.all(part.map((pk) => store.stored.query(pk)));
    for (const [index, pk] of part.entries()) partitions.set(pk, found[index] ?? []);
  }
  await readRecords(store, { items, partitions });
  return { items, partitions };
}

async function read(
  store: Store,
  into: Map<string, Item | undefined>,
  keys: readonly Key[],
): Promise<void> {
  const wanted = keys.filter((key) => !into.has(keyText(key)));
  const found = await store.stored.batchGet(wanted);
  for (const [index, key] of wanted.entries()) into.set(keyText(key), found[index]);
}

async function readRecords(
  store: Store,
  {
    items,
    partitions,
  }: { items: Map<string, Item | undefined>; partitions: Reading["partitions"] },
): Promise<void> {
  const all = [...items.values(), ...[...partitions.values()].flat()];
  await read(store, items, [...recordKeysOf(all.filter((item) => item !== undefined)).values()]);
}

/** The records that were read, by change. */
export function recordsOf({ items, partitions }: Reading): Map<string, Item | undefined> {
  const all = [...items.values(), ...[...partitions.values()].flat()];
  const keys = recordKeysOf(all.filter((item) => item !== undefined));
  return new Map([...keys].map(([change, key]) => [change, items.get(keyText(key))]));
}

/** The item of `key` as its change has decided. */
export function seen(reading: Reading, key: Key): Item | undefined {
  const item = reading.items.get(keyText(key));
  return item && imageOf(item, recordsOf(reading));
}

export function nearIn(reading: Reading): Near {
  const records = recordsOf(reading);
  const items = new Map<string, Item>();
  for (const [text, item] of reading.items) {
    const image = item && imageOf(item, records);
    if (image !== undefined) items.set(text, image);
  }
  const partitions = new Map(
    [...reading.partitions].map(([pk, raw]) => [
      pk,
      raw.flatMap((item) => imageOf(item, records) ?? []),
    ]),
  );
  return nearOf(items, partitions);
}
