/** One refresh of the cached view of all providers. */
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
  /** Whether every writer appends to the shard logs. Otherwise all shards are read anew. */
  readonly logged: boolean;
  /** Milliseconds after which a shard is read in full, no matter what its log names. */
  readonly maxAge: number;
  readonly interner: Interner;
}

const NONE: ReadonlySet<Uuid> = new Set();

/**
 * Fraction of `maxAge` by which full reads are randomly dated back, so that shards do not
 * expire together.
 */
const SPREAD = 1 / 4;

/**
 * The view after `held`: reads the shard logs first, then the providers that they name. Each
 * shard keeps the version of its log as of that read, so that the next refresh includes a
 * change that commits meanwhile.
 * @throws Busy
 */
export async function refresh(
  reader: Reader,
  held: View,
  { sequence, logged, maxAge, interner }: RefreshOptions,
): Promise<View> {
  const now = reader.clock.now();
  const versions = held.shards.map((shard) => shard?.version);
  const logs = await readShardLogs(reader, { known: versions, logged });
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
  // If nothing is read after the commit index, its count holds for the whole view.
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
  // A provider of a fully read shard that was not found is deleted.
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

/** A copy with `changes`, in the order of uuids; sorted again only if a provider was added. */
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
