/** Consistent reads of some items and of the items that their rules need. */
import { recordKey } from "../../../items/change-record.ts";
import { COMMIT_INDEX_KEY } from "../../../items/commit-index.ts";
import type { MaintenanceStore } from "../../../maintenance-store.ts";
import { type Item, type Key, keyText } from "../../../table/item.ts";
import { needsOf } from "../check-item.ts";
import { type Near, nearOf } from "../rule.ts";
import { type Changes, changesOf, imageOf } from "../write-intents.ts";

/** Queries at a time. */
const WIDTH = 8;

/** Items as they are stored. */
export interface Reading {
  readonly items: ReadonlyMap<string, Item | undefined>;
  readonly partitions: ReadonlyMap<string, readonly Item[]>;
}

interface Filled extends Reading {
  readonly items: Map<string, Item | undefined>;
}

/**
 * Reads the items of `keys`, the items that their rules need, and the records of the large
 * changes whose intents any of these have.
 */
export async function collect(store: MaintenanceStore, keys: readonly Key[]): Promise<Reading> {
  const items = new Map<string, Item | undefined>();
  const partitions = new Map<string, readonly Item[]>();
  await read(store, items, keys);
  await readChanges(store, { items, partitions });
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
  await readChanges(store, { items, partitions });
  return { items, partitions };
}

async function read(
  store: MaintenanceStore,
  into: Map<string, Item | undefined>,
  keys: readonly Key[],
): Promise<void> {
  const wanted = keys.filter((key) => !into.has(keyText(key)));
  const found = await store.stored.batchGet(wanted);
  for (const [index, key] of wanted.entries()) into.set(keyText(key), found[index]);
}

/** Reads the commit index after all intents, and the records of its changes after the index. */
async function readChanges(store: MaintenanceStore, reading: Filled): Promise<void> {
  const ids = changesOf(allOf(reading));
  if (ids.size === 0) return;
  reading.items.delete(keyText(COMMIT_INDEX_KEY));
  await read(store, reading.items, [COMMIT_INDEX_KEY]);
  await read(store, reading.items, [...ids].map(recordKey));
}

function allOf({ items, partitions }: Reading): Item[] {
  const all = [...items.values(), ...[...partitions.values()].flat()];
  return all.filter((item) => item !== undefined);
}

/** The large changes of the items that were read. */
export function changesIn(reading: Reading): Changes {
  const ids = [...changesOf(allOf(reading))];
  return {
    records: new Map(ids.map((id) => [id, reading.items.get(keyText(recordKey(id)))])),
    commitIndex: reading.items.get(keyText(COMMIT_INDEX_KEY)),
  };
}

/** The item of `key` as its change has decided. */
export function seen(reading: Reading, key: Key): Item | undefined {
  const item = reading.items.get(keyText(key));
  return item && imageOf(item, changesIn(reading));
}

/** @param now milliseconds since 1970 */
export function nearIn(reading: Reading, now: number): Near {
  const changes = changesIn(reading);
  const items = new Map<string, Item>();
  for (const [text, item] of reading.items) {
    const image = item && imageOf(item, changes);
    if (image !== undefined) items.set(text, image);
  }
  const partitions = new Map(
    [...reading.partitions].map(([pk, raw]) => [
      pk,
      raw.flatMap((item) => imageOf(item, changes) ?? []),
    ]),
  );
  return nearOf(items, partitions, now);
}
