/** Plans a change on a provider's state: as this process wrote it last, or as it is read. */
import { inventoryChanged } from "../../model/history/provider-change.ts";
import type { ProviderState } from "../../model/provider.ts";
import { Refusal } from "../../model/refusal.ts";
import { ProviderNotFound } from "../../model/refusals/providers.ts";
import type { Uuid } from "../../model/uuid.ts";
import { makeRecentStates } from "../cache/recent.ts";
import { hot } from "../items/hot.ts";
import type { Plan, Planner, Store } from "../store.ts";
import { type Clause, equals } from "../table/expressions.ts";
import { readState } from "./read.ts";

/** What a change is planned on. */
export interface Basis {
  readonly state: ProviderState;
  /** Clauses of the write, beside that of the generation: without them another provider may have the uuid. */
  readonly when: readonly Clause[];
}

/** @throws ProviderNotFound */
export async function requireState(store: Store, uuid: Uuid): Promise<ProviderState> {
  const state = await readState(store, uuid);
  if (state === undefined) throw new ProviderNotFound(uuid);
  return state;
}

/**
 * A refusal is told of what was read alone.
 * @param plan of a change that compares the generation, and relies on nothing that changes without it
 * @throws ProviderNotFound
 */
export function plannedOn<T>(
  store: Store,
  uuid: Uuid,
  plan: (basis: Basis) => Promise<Plan<T>>,
): Planner<T> {
  return async () => {
    const known = store.shared(makeRecentStates).take(uuid);
    if (known !== undefined) {
      const when = [equals(hot.profileVersion, known.profileVersion)];
      try {
        return await plan({ state: known, when });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }
    return plan({ state: await requireState(store, uuid), when: [] });
  };
}

/** What is to be told and remembered of a change of the inventories; its `result`. */
export function replaced<T>(
  store: Store,
  { from, to }: { readonly from: ProviderState; readonly to: ProviderState },
  result: T,
) {
  const committed = () => {
    store.shared(makeRecentStates).written(to.uuid, to);
    return result;
  };
  return { result, committed, changed: [inventoryChanged(from, to)] };
}
