/**
 * Writes the pages of profiles on which a profile moved: one was changed, created or deleted
 * since. A page is written whole, so two runs at once leave the pages of either: each copy on
 * them is of a committed profile, under its version.
 */
import { isDeepStrictEqual } from "node:util";
import type { ProviderProfile } from "../../model/provider.ts";
import type { Uuid } from "../../model/uuid.ts";
import { unitsOfAll } from "../cache/snapshot/plan.ts";
import { HOT, stateOf } from "../items/hot.ts";
import { PROFILE, profileKey, profileOf } from "../items/profile.ts";
import {
  numberOfPage,
  pageNumberOf,
  pagesFor,
  pagesPk,
  profilePageItem,
  profilePageOf,
} from "../items/profile-page.ts";
import { providerOf, SHARDS, shardPk } from "../items/shard.ts";
import type { MaintenanceStore } from "../maintenance-store.ts";
import type { Write } from "../table/expressions.ts";
import type { Item, Key } from "../table/item.ts";

export interface PagesReport {
  /** Pages that have to be written or removed. */
  readonly found: number;
  /** Of these, how many were written or removed. */
  readonly done: number;
  /** Whether all shards were compared; if not, invoke it again. */
  readonly complete: boolean;
}

/** Milliseconds reserved for the last shard. */
const RESERVE = 10_000;

const EVENTUAL = { eventual: true } as const;

/** @param batchSize ends after the shard in which this many pages were reached */
export async function writeProfilePages(
  store: MaintenanceStore,
  batchSize: number,
): Promise<PagesReport> {
  let found = 0;
  let done = 0;
  // Runs that end early begin elsewhere each time, so that every shard gets its turn.
  const first = Math.floor(store.random.fraction() * SHARDS);
  for (let count = 0; count < SHARDS; count += 1) {
    if (found >= batchSize || store.clock.now() > store.deadline - RESERVE) {
      return { found, done, complete: false };
    }
    const writes = await movedPages(store, (first + count) % SHARDS);
    found += writes.length;
    for (const write of writes) if (await store.writeAlone(write)) done += 1;
  }
  return { found, done, complete: true };
}

/** What a shard has: the versions that its states name, and the copies on its pages. */
interface Shard {
  readonly shard: number;
  /** By provider. */
  readonly versions: ReadonlyMap<Uuid, number>;
  /** Items by their page number. */
  readonly items: ReadonlyMap<number, Item>;
  /** Number of pages, as the first one says; undefined if there is none. */
  readonly pages: number | undefined;
  /** Whether every page is readable and says that number, and each copy is there once. */
  readonly orderly: boolean;
  /** The copies whose versions the states name. */
  readonly current: ReadonlyMap<Uuid, ProviderProfile>;
}

/** The pages of a shard that are not as they should be, as writes. */
async function movedPages(store: MaintenanceStore, number: number): Promise<Write[]> {
  const shard = await readShard(store, number);
  const { items, current, versions } = shard;
  if (versions.size === 0) return [...items.values()].map(removal);
  if (shard.orderly && current.size === versions.size) return [];
  const missing = [...versions.keys()].filter((uuid) => !current.has(uuid));
  const profiles = [...current.values(), ...(await readMissing(store, shard, missing))].sort(
    (a, b) => (a.uuid < b.uuid ? -1 : 1),
  );
  const pages = pagesFor(profiles, shard.pages);
  const wanted = Array.from({ length: pages }, (_, page) => {
    const own = profiles.filter(({ uuid }) => pageNumberOf(uuid, pages) === page);
    return profilePageItem(number, page, { pages, profiles: own });
  });
  const changed = wanted.filter((item, page) => !isDeepStrictEqual(item, items.get(page)));
  const beyond = [...items].filter(([page]) => !(page < pages));
  return [
    ...changed.map((item): Write => ({ kind: "put", item, when: [] })),
    ...beyond.map(([, item]) => removal(item)),
  ];
}

const removal = ({ pk, sk }: Key): Write => ({ kind: "delete", key: { pk, sk }, when: [] });

/** What is stale here is compared again by the next run. */
async function readShard(store: MaintenanceStore, shard: number): Promise<Shard> {
  const [states, pages] = await Promise.all([
    store.query(shardPk(shard), { prefix: HOT, ...EVENTUAL }),
    store.query(pagesPk(shard), EVENTUAL),
  ]);
  const versions = new Map(
    states.map(stateOf).map(({ uuid, profileVersion }) => [uuid, profileVersion]),
  );
  const read = pages.map((item) => [item, profilePageOf(item)] as const);
  const copies = read.flatMap(([, page]) => page?.profiles ?? []);
  const current = new Map(
    copies
      .filter(({ uuid, version }) => versions.get(uuid) === version)
      .map((profile) => [profile.uuid, profile]),
  );
  const whole = read.every(([, page]) => page?.pages === pages.length);
  return {
    shard,
    versions,
    items: new Map(pages.map((item) => [numberOfPage(item), item])),
    pages: read.find(([item]) => numberOfPage(item) === 0)?.[1]?.pages,
    orderly: whole && copies.length === current.size,
    current,
  };
}

/**
 * Strongly consistent, and without the profiles that an undecided large change may still
 * alter: they follow when it is decided.
 */
async function readMissing(
  store: MaintenanceStore,
  { shard, versions }: Shard,
  missing: readonly Uuid[],
): Promise<ProviderProfile[]> {
  const undecided = new Set<Uuid>();
  const onPending = (key: Key) => undecided.add(providerOf(key));
  const wanted = new Set(missing);
  const items =
    missing.length > unitsOfAll(versions.size)
      ? await store.query(shardPk(shard), { prefix: PROFILE, onPending })
      : await store.batchGet(missing.map(profileKey), { onPending });
  return items
    .flatMap((item) => (item === undefined ? [] : profileOf(item)))
    .filter(({ uuid }) => wanted.has(uuid) && !undecided.has(uuid));
}
