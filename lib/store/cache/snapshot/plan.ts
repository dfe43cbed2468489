/** Which items of a shard a refresh has to read. */
import type { Uuid } from "../../../model/uuid.ts";
import type { ShardLog } from "./shard-logs.ts";
import type { ShardView } from "./view.ts";

export type ShardPlan =
  /** All states and all profiles: versions of cached profiles cannot be compared. */
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

/** Estimate of the states per read unit of a strongly consistent query. */
const STATES_PER_UNIT = 16;

/**
 * A shard log that is older than the cached view, or absent, belongs to a restored table or
 * to one of an older format: versions may occur there twice. A log whose base is above the
 * cached version has only removed entries.
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
  const unitsOfAll = 1 + held.providers.size / STATES_PER_UNIT;
  return providers.size > unitsOfAll ? { kind: "full" } : { kind: "named", providers };
}
