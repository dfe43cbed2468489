/** Recomputes a provider's use from the allocations on it. */
import { capacityOf } from "../../../model/inventory.ts";
import type { ProviderState } from "../../../model/provider.ts";
import { sumUsages } from "../../../model/usages.ts";
import type { Uuid } from "../../../model/uuid.ts";
import { guard, replan } from "../../changes/guarded-write.ts";
import { readHolders } from "../../consumers/change.ts";
import type { HeldAllocation } from "../../items/holder.ts";
import { hot, hotKey } from "../../items/hot.ts";
import type { MaintenanceStore } from "../../maintenance-store.ts";
import { readState } from "../../providers/read.ts";
import type { Plan } from "../../store.ts";
import { add, type Change, equals, set } from "../../table/expressions.ts";
import type { Repair } from "./outcome.ts";

/** A class with allocations but without inventory cannot be repaired: it is left, and reported. */
export async function repairUse(store: MaintenanceStore, provider: Uuid): Promise<Repair> {
  return store.change(async (): Promise<Plan<Repair>> => {
    const state = await readState(store, provider);
    if (state === undefined) return { writes: [], result: "sound" };
    const first = useChanges(state, await readHolders(store, provider));
    if (first.changes.length === 0) {
      return { writes: [], result: first.homeless ? "left" : "sound" };
    }
    // A running claim's look-up item may not be visible yet. After this read it is, or the
    // revision has changed.
    await store.stored.quiescent([hotKey(provider)]);
    const { changes, homeless } = useChanges(state, await readHolders(store, provider));
    if (changes.length === 0) return { writes: [], result: homeless ? "left" : "sound" };
    const write = guard(
      {
        kind: "update",
        key: hotKey(provider),
        changes: [...changes, add(hot.revision, 1)],
        when: [equals(hot.revision, state.revision)],
      },
      () => replan,
    );
    return { writes: [write], result: homeless ? "left" : "repaired" };
  });
}

/** The changes that correct a provider's use. */
function useChanges(
  state: ProviderState,
  holders: readonly HeldAllocation[],
): { changes: Change[]; homeless: boolean } {
  const sums = sumUsages(holders.map(({ amounts }) => ({ type: null, amounts })));
  const changes: Change[] = [];
  for (const [id, inventory] of state.inventories) {
    const used = sums.get(id) ?? 0;
    const free = capacityOf(inventory) - used;
    if (inventory.used === used && inventory.free === free) continue;
    changes.push(set(hot.used(id), used), set(hot.free(id), free));
  }
  if (state.consumers !== holders.length) changes.push(set(hot.consumers, holders.length));
  return { changes, homeless: [...sums.keys()].some((id) => !state.inventories.has(id)) };
}
