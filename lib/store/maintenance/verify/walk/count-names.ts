/**
 * Compares the users of custom names with all providers. Names that seem wrong are read in a
 * transaction before and after all providers are counted again: each has a version that rises
 * whenever a use begins or ends, so the users of a name that is equal both times were
 * constant in between.
 */

import { isDeepStrictEqual } from "node:util";
import { COMMIT_INDEX_KEY } from "../../../items/commit-index.ts";
import { customNamesPk, type NameKind } from "../../../items/custom-name.ts";
import { SHARDS, shardPk } from "../../../items/shard.ts";
import type { MaintenanceStore } from "../../../maintenance-store.ts";
import { type Item, type Key, keyText } from "../../../table/item.ts";
import { backOff } from "../../../table/retry.ts";
import type { Finding } from "../finding.ts";
import { brokenNames, countUsers, noUsers, type Users } from "../users.ts";
import { changesOf, imageOf } from "../write-intents.ts";

/** How often all providers are counted for names whose use keeps changing. */
const MAX_COUNTS = 3;
/** Items that are read in one transaction. */
const MAX_ACCUSED = 100;
/** Queries at a time. */
const WIDTH = 8;

export interface CountedNames {
  /** As they were counted, by key. */
  readonly names: ReadonlyMap<string, Item>;
  readonly findings: readonly Finding[];
  readonly unsettled: readonly Key[];
  readonly users: Readonly<Record<NameKind, Users>>;
}

export async function countNames(store: MaintenanceStore): Promise<CountedNames> {
  let names = await readNames(store);
  let users = names.length === 0 ? noUsers() : await countProviders(store);
  let findings = brokenNames(names, users);
  for (let count = 1; findings.length > 0 && count <= MAX_COUNTS; count += 1) {
    const accused = accusedBy(findings);
    const before = await store.stored.quiescent(accused);
    users = await countProviders(store);
    names = await readNames(store);
    findings = brokenNames(names, users);
    const now = await store.stored.quiescent(accused);
    const still = new Set(
      accused.filter((_, index) => isDeepStrictEqual(before[index], now[index])).map(keyText),
    );
    const isCertain = ({ items }: Finding) =>
      still.has(keyText(COMMIT_INDEX_KEY)) && items.every((item) => still.has(keyText(item)));
    const open = findings.filter((each) => !isCertain(each)).flatMap(({ items }) => items);
    if (open.length === 0 || count === MAX_COUNTS || !(await backOff(store, count))) {
      return { names: byKey(names), findings: findings.filter(isCertain), unsettled: open, users };
    }
  }
  return { names: byKey(names), findings: [], unsettled: [], users };
}

/** The names, and the commit index: while it is unchanged, no large change becomes visible. */
function accusedBy(findings: readonly Finding[]): Key[] {
  const keys = new Map([[keyText(COMMIT_INDEX_KEY), COMMIT_INDEX_KEY]]);
  for (const { items } of findings) for (const each of items) keys.set(keyText(each), each);
  return [...keys.values()].slice(0, MAX_ACCUSED);
}

function byKey(items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((item) => [keyText(item), item]));
}

async function readNames(store: MaintenanceStore): Promise<Item[]> {
  const partitions = (["CLASSES", "TRAITS"] as const).map(customNamesPk);
  const kinds = await Promise.all(partitions.map((pk) => store.stored.query(pk)));
  return resolved(store, kinds.flat());
}

async function countProviders(store: MaintenanceStore): Promise<Record<NameKind, Users>> {
  const users = noUsers();
  for (let from = 0; from < SHARDS; from += WIDTH) {
    const shards = Array.from({ length: Math.min(WIDTH, SHARDS - from) }, (_, i) => from + i);
    const parts = await Promise.all(shards.map((shard) => store.stored.query(shardPk(shard))));
    for (const part of parts) countUsers(users, await resolved(store, part));
  }
  return users;
}

async function resolved(store: MaintenanceStore, items: readonly Item[]): Promise<Item[]> {
  if (changesOf(items).size === 0) return [...items];
  const [commitIndex] = await store.stored.batchGet([COMMIT_INDEX_KEY]);
  return items.flatMap((item) => imageOf(item, { commitIndex, records: new Map() }) ?? []);
}
