/** One refresh of what a function knows of the providers. */
import type { Provider } from "../../../model/provider.ts";
import type { Uuid } from "../../../model/uuid.ts";
import { providerOf, SHARDS, shardOf } from "../../items/shard.ts";
import type { Key } from "../../table/item.ts";
import type { Reader } from "../../table/reader.ts";
import type { Interner } from "./interner.ts";
import { pairProviders } from "./pair.ts";
import { planShard, type ShardPlan } from "./plan.ts";
import { readPlanned } from "./read-planned.ts";
import { readShardLogs } from "./shard-logs.ts";
import type { ProviderChanges, ShardView, View } from "./view.ts";

export interface RefreshOptions {
  readonly sequence: number;
  /** Milliseconds after which a shard is read in full, whatever its head says. */
  readonly maxAge: number;
  readonly interner: Interner;
}

const NONE: ReadonlySet<Uuid> = new Set();

/** Part of the age by which a full reading counts as older, so that not all shards fall due at once. */
const SPREAD = 1 / 4;

/**
 * The view after `held`: the heads are read first, then what they name. Each
 * shard keeps the version that its head had then, so that a change that commits
 * while the rest is read is met again by the next refresh.
 * @throws Busy
 */
export async function refresh(
  reader: Reader,
  held: View,
  { sequence, maxAge, interner }: RefreshOptions,
): Promise<View> {
  const now = reader.clock.now();
  const logs = await readShardLogs(reader);
  const plans = held.shards.map((shard, n) => planShard(shard, logs.shards[n], { now, maxAge }));
  const pending = Array.from({ length: SHARDS }, () => NONE);
  const onPending = (key: Key) => {
    const uuid = providerOf(key);
    const shard = shardOf(uuid);
    pending[shard] = new Set([...(pending[shard] ?? NONE), uuid]);
  };
  const context = { reader, onPending };
  const reading = await readPlanned(context, plans);
  const known = (uuid: Uuid) => {
    const shard = shardOf(uuid);
    return plans[shard]?.kind === "anew" ? undefined : held.find(shard, uuid);
  };
  const found = await pairProviders(context, reading, { known, interner });
  const changes = changesOf(held, plans, found);
  const byShard = inShards(changes);
  const shards = held.shards.map((shard, n): ShardView => {
    const partial = plans[n]?.kind === "named" ? shard : undefined;
    return {
      version: logs.shards[n]?.version ?? 0,
      fullAt: partial?.fullAt ?? now - reader.random.fraction() * SPREAD * maxAge,
      pending: pending[n] ?? NONE,
      providers: changed(shard?.providers ?? new Map(), byShard[n] ?? []),
    };
  });
  // Where nothing is read after the gate, its number is that after all of the view.
  const whole = plans.every((plan) => plan.kind === "named" && plan.providers.size === 0);
  return held.next({ sequence, shards, changes, commits: whole ? logs.commits : undefined });
}

function changesOf(
  held: View,
  plans: readonly ShardPlan[],
  found: ReadonlyMap<Uuid, Provider | undefined>,
): ProviderChanges {
  const changes = new Map<Uuid, Provider | undefined>();
  for (const [uuid, provider] of found) {
    if (held.find(shardOf(uuid), uuid) !== provider) changes.set(uuid, provider);
  }
  // Of a shard that was read in full, what was not found is gone.
  for (const [shard, plan] of plans.entries()) {
    if (plan.kind === "named") continue;
    for (const uuid of held.shards[shard]?.providers.keys() ?? []) {
      if (!found.has(uuid)) changes.set(uuid, undefined);
    }
  }
  return changes;
}

type Entry = readonly [Uuid, Provider | undefined];

function inShards(changes: ProviderChanges): Entry[][] {
  const shards: Entry[][] = Array.from({ length: SHARDS }, () => []);
  for (const entry of changes) shards[shardOf(entry[0])]?.push(entry);
  return shards;
}

/** A copy with `changes`; its order, by uuid, is made anew where a provider was added. */
function changed(
  before: ReadonlyMap<Uuid, Provider>,
  changes: readonly Entry[],
): ReadonlyMap<Uuid, Provider> {
  if (changes.length === 0) return before;
  const after = new Map(before);
  let added = false;
  for (const [uuid, provider] of changes) {
    if (provider === undefined) after.delete(uuid);
    else {
      added ||= !after.has(uuid);
      after.set(uuid, provider);
    }
  }
  return added ? new Map([...after].sort(([a], [b]) => (a < b ? -1 : 1))) : after;
}
