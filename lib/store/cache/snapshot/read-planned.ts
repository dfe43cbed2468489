/** Reads the items that a refresh has planned. */

import type { ProviderProfile, ProviderState } from "../../../model/provider.ts";
import type { Uuid } from "../../../model/uuid.ts";
import { HOT, hotKey, stateOf } from "../../items/hot.ts";
import { PROFILE, profileKey, profileOf } from "../../items/profile.ts";
import { shardPk } from "../../items/shard.ts";
import type { OnPending, Reader } from "../../table/reader.ts";
import { type Pages, readPages } from "./pages.ts";
import { type ShardPlan, unitsOfAll } from "./plan.ts";

/** What the reads of one refresh share. */
export interface ReadContext {
  readonly reader: Reader;
  readonly onPending: OnPending;
}

export interface Reading {
  /** By provider; undefined for a named provider that is absent. */
  readonly states: Map<Uuid, ProviderState | undefined>;
  /**
   * Profiles of shards that are read anew, from their pages or their items, and of providers
   * that are read again.
   */
  readonly profiles: Map<Uuid, ProviderProfile>;
}

/** @param plans by shard */
export async function readPlanned(
  context: ReadContext,
  plans: readonly ShardPlan[],
): Promise<Reading> {
  const reading: Reading = { states: new Map(), profiles: new Map() };
  const named = plans.flatMap((plan) => (plan.kind === "named" ? [...plan.providers] : []));
  const anew = plans.flatMap(({ kind }, shard) => (kind === "anew" ? shard : []));
  const pages = anew.length === 0 ? NO_PAGES : readPages(context.reader, anew);
  const shards = plans.map(async ({ kind }, shard) => {
    if (kind === "full") await readShardStates(context, shard, reading);
    if (kind === "anew") await readAnew(context, shard, reading, pages);
  });
  await Promise.all([...shards, readStates(context, named, reading)]);
  return reading;
}

const NO_PAGES: Promise<Pages> = Promise.resolve(new Map());

/**
 * States and profiles of a shard. A profile is taken from the shard's pages if the state names
 * its version, since a version has one content. Where many are missing, all profiles are
 * read; few are left to be read with those of other shards, by `pairProviders`.
 */
async function readAnew(
  context: ReadContext,
  shard: number,
  reading: Reading,
  pages: Promise<Pages>,
): Promise<void> {
  const all = () => readShardProfiles(context, shard, reading);
  const pageless = pages.then((read) => (read.has(shard) ? undefined : all()));
  const [states, read] = await Promise.all([
    readShardStates(context, shard, reading),
    pages,
    pageless,
  ]);
  const known = read.get(shard);
  if (known === undefined) return;
  let missing = 0;
  for (const { uuid, profileVersion } of states) {
    const profile = known.get(uuid);
    if (profile?.version === profileVersion) reading.profiles.set(uuid, profile);
    else missing += 1;
  }
  if (missing > unitsOfAll(states.length)) await all();
}

async function readShardStates(
  { reader, onPending }: ReadContext,
  shard: number,
  { states }: Reading,
): Promise<readonly ProviderState[]> {
  const items = await reader.query(shardPk(shard), { prefix: HOT, onPending });
  const found = items.map(stateOf);
  for (const state of found) states.set(state.uuid, state);
  return found;
}

async function readShardProfiles(
  { reader, onPending }: ReadContext,
  shard: number,
  { profiles }: Reading,
): Promise<void> {
  const items = await reader.query(shardPk(shard), { prefix: PROFILE, onPending });
  for (const profile of items.map(profileOf)) profiles.set(profile.uuid, profile);
}

export async function readStates(
  { reader, onPending }: ReadContext,
  uuids: readonly Uuid[],
  { states }: Reading,
): Promise<void> {
  const items = await reader.batchGet(uuids.map(hotKey), { onPending });
  for (const [index, uuid] of uuids.entries()) {
    const item = items[index];
    states.set(uuid, item && stateOf(item));
  }
}

export async function readProfiles(
  { reader, onPending }: ReadContext,
  uuids: readonly Uuid[],
  { profiles }: Reading,
): Promise<void> {
  const items = await reader.batchGet(uuids.map(profileKey), { onPending });
  for (const item of items) {
    if (item === undefined) continue;
    const profile = profileOf(item);
    profiles.set(profile.uuid, profile);
  }
}
