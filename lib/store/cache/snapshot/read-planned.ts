/** Reads the items that a refresh has planned. */

import type { ProviderProfile, ProviderState } from "../../../model/provider.ts";
import type { Uuid } from "../../../model/uuid.ts";
import { HOT, hotKey, stateOf } from "../../items/hot.ts";
import { PROFILE, profileKey, profileOf } from "../../items/profile.ts";
import { shardPk } from "../../items/shard.ts";
import type { OnPending, Reader } from "../../table/reader.ts";
import type { ShardPlan } from "./plan.ts";

/** What the reads of one refresh share. */
export interface ReadContext {
  readonly reader: Reader;
  readonly onPending: OnPending;
}

export interface Reading {
  /** By provider; undefined for a named provider that is absent. */
  readonly states: Map<Uuid, ProviderState | undefined>;
  /** Profiles of shards that are read anew, and of providers that are read again. */
  readonly profiles: Map<Uuid, ProviderProfile>;
}

/** @param plans by shard */
export async function readPlanned(
  context: ReadContext,
  plans: readonly ShardPlan[],
): Promise<Reading> {
  const reading: Reading = { states: new Map(), profiles: new Map() };
  const named = plans.flatMap((plan) => (plan.kind === "named" ? [...plan.providers] : []));
  const shards = plans.flatMap((plan, shard) => {
    if (plan.kind === "named") return [];
    const states = readShardStates(context, shard, reading);
    return plan.kind === "full" ? states : [states, readShardProfiles(context, shard, reading)];
  });
  await Promise.all([...shards, readStates(context, named, reading)]);
  return reading;
}

async function readShardStates(
  { reader, onPending }: ReadContext,
  shard: number,
  { states }: Reading,
): Promise<void> {
  const items = await reader.query(shardPk(shard), { prefix: HOT, onPending });
  for (const state of items.map(stateOf)) states.set(state.uuid, state);
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
