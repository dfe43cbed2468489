/**
 * What custom names count, against all providers. The names are read before and
 * after: each has a version that every beginning and end of a use raises, so a
 * name that is equal in both readings was counted right in between.
 */
import { isDeepStrictEqual } from "node:util";
import { type Item, type Key, keyText } from "../item.ts";
import { type NameKind, shardPk } from "../keys.ts";
import { SHARDS } from "../meta.ts";
import { backOff } from "../retry.ts";
import type { Store } from "../store.ts";
import { GATE_KEY } from "../two-phase/gate.ts";
import type { Finding } from "./finding.ts";
import { changesOf, imageOf } from "./marks.ts";
import { brokenNames, countUsers, noUsers, type Users } from "./users.ts";

/** How often all providers are counted for names whose use keeps changing. */
const MAX_COUNTS = 3;
/** Queries at a time. */
const WIDTH = 8;

export interface CountedNames {
  /** As they were counted, by key. */
  readonly names: ReadonlyMap<string, Item>;
  readonly findings: readonly Finding[];
  readonly unsettled: readonly Key[];
  readonly users: Readonly<Record<NameKind, Users>>;
}

export async function countNames(store: Store): Promise<CountedNames> {
  let before = await readNames(store);
  if (before.length === 0) {
    return { names: new Map(), findings: [], unsettled: [], users: noUsers() };
  }
  for (let count = 1; ; count += 1) {
    const users = await countProviders(store);
    const now = await readNames(store);
    const known = byKey(before);
    const moved = new Set(
      now.filter((item) => !isDeepStrictEqual(known.get(keyText(item)), item)).map(keyText),
    );
    const all = brokenNames(now, users);
    const findings = all.filter(({ items }) => items.every((item) => !moved.has(keyText(item))));
    const open = all.filter((each) => !findings.includes(each)).flatMap(({ items }) => items);
    const last = count >= MAX_COUNTS || !(open.length === 0 || (await backOff(store, count)));
    if (open.length === 0 || last) return { names: byKey(now), findings, unsettled: open, users };
    before = now;
  }
}

function byKey(items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((item) => [keyText(item), item]));
}

async function readNames(store: Store): Promise<Item[]> {
  const kinds = await Promise.all([store.stored.query("CLASSES"), store.stored.query("TRAITS")]);
  return resolved(store, kinds.flat());
}

async function countProviders(store: Store): Promise<Record<NameKind, Users>> {
  const users = noUsers();
  for (let from = 0; from < SHARDS; from += WIDTH) {
    const shards = Array.from({ length: Math.min(WIDTH, SHARDS - from) }, (_, i) => from + i);
    const parts = await Promise.all(shards.map((shard) => store.stored.query(shardPk(shard))));
    for (const part of parts) countUsers(users, await resolved(store, part));
  }
  return users;
}

async function resolved(store: Store, items: readonly Item[]): Promise<Item[]> {
  if (changesOf(items).size === 0) return [...items];
  const [gate] = await store.stored.batchGet([GATE_KEY]);
  return items.flatMap((item) => imageOf(item, { gate, records: new Map() }) ?? []);
}
