/** Which items of a shard a refresh has to read. */
import type { Uuid } from "../../../model/uuid.ts";
import type { ShardLog } from "./shard-logs.ts";
import type { ShardView } from "./view.ts";

export type ShardPlan =
  /**
   * All states and all profiles, those that are on pages excepted. Cached profiles are not
   * used: in a table that an older release has written, versions may occur twice.
   */
  | { readonly kind: "anew" }
  /** All states, and the profiles whose version has changed. */
  | { readonly kind: "full" }
  /** The states of these providers, and the profiles whose version has changed. */
  | { readonly kind: "named"; readonly providers: ReadonlySet<Uuid> };

export interface PlanContext {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Milliseconds after which a shard is read in full, no matter what its log names. */
  readonly maxAge: number;
}

/** Estimate of the states or profiles per read unit of a strongly consistent query. */
const ITEMS_PER_UNIT = 16;

/** Estimate of the read units of all states, or all profiles, of a shard with `count` of them. */
export const unitsOfAll = (count: number): number => 1 + count / ITEMS_PER_UNIT;

/**
 * A shard log that is older than the cached view, or absent, belongs to a restored table or
 * to one of an older format. A log whose base is above the cached version has only removed
 * entries.
 */
export function planShard(
  held: ShardView | undefined,
  log: ShardLog | undefined,
  { now, maxAge }: PlanContext,
): ShardPlan {
  if (held === undefined || log === undefined || log.version < held.version) {
    return { kind: "anew" };
  }
  const age = now - held.fullAt;
  // An age is unknown after the clock was set back.
  if (log.base > held.version || age < 0 || age > maxAge) return { kind: "full" };
  const named = [...log.stamps].filter(([, stamp]) => stamp > held.version);
  const providers = new Set([...named.map(([uuid]) => uuid), ...held.pending]);
  const few = providers.size <= unitsOfAll(held.providers.size);
  return few ? { kind: "named", providers } : { kind: "full" };
}
