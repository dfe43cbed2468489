/** Which items of a shard a refresh has to read. */
import type { Uuid } from "../../../model/uuid.ts";
import type { ShardLog } from "./shard-logs.ts";
import type { ShardView } from "./view.ts";

export type ShardPlan =
  /** All states and all profiles: what is known of the profiles' versions means nothing. */
  | { readonly kind: "anew" }
  /** All states, and the profiles whose version has moved. */
  | { readonly kind: "full" }
  /** The states of these providers, and the profiles whose version has moved. */
  | { readonly kind: "named"; readonly providers: ReadonlySet<Uuid> };

export interface PlanContext {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Milliseconds after which a full reading is done again, whatever the head says. */
  readonly maxAge: number;
}

/** About how many states a unit of strongly consistent reading of a query takes. */
const STATES_PER_UNIT = 16;

/**
 * A head that is older than what is known, or absent, belongs to a restored
 * table, or to one of an older format: versions may come again there. One whose
 * base has passed what is known has only forgotten names.
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
  // A clock that was set back proves nothing about the age.
  if (log.base > held.version || age < 0 || age > maxAge) return { kind: "full" };
  const named = [...log.stamps].filter(([, stamp]) => stamp > held.version);
  const providers = new Set([...named.map(([uuid]) => uuid), ...held.pending]);
  const unitsOfAll = 1 + held.providers.size / STATES_PER_UNIT;
  return providers.size > unitsOfAll ? { kind: "full" } : { kind: "named", providers };
}
