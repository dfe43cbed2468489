/**
 * The effect of the reshaper on one provider: new inventories and changed use in one step.
 * Pure: it reads and writes nothing.
 *
 * Source: Placement API reference, "Reshaper".
 */
import type { ProviderChange } from "./claim.ts";
import {
  type ClaimFault,
  claimFault,
  type Inventory,
  type StoredInventory,
  sameInventory,
  withUse,
} from "./inventory.ts";
import type { ProviderState } from "./provider.ts";
import type { ClassId } from "./standard-classes.ts";

export type NewInventories = ReadonlyMap<ClassId, Inventory>;

/** A claim that does not fit, with its place in the request. */
export interface Misfit {
  readonly fault: ClaimFault;
  readonly class: ClassId;
  readonly order: number;
}

/**
 * Claims that fit neither the new inventories nor, if their class is to be removed, the old
 * ones. An unchanged amount fits an unchanged inventory; if the request changes the
 * inventory, every amount must fit as if it were new.
 * @param wanted undefined: the inventories stay
 */
export function misfits(
  state: ProviderState,
  wanted: NewInventories | undefined,
  change: ProviderChange,
): Misfit[] {
  const found: Misfit[] = [];
  for (const [id, { difference, claims }] of change.classes) {
    const inventory = inventoryDuring(state, wanted, id);
    const changes = isChanged(state.inventories.get(id), wanted?.get(id));
    for (const claim of claims) {
      const measured = changes ? { ...claim, before: 0 } : claim;
      const fault = claimFault(inventory, measured, difference);
      if (fault !== undefined) found.push({ fault, class: id, order: claim.order });
    }
  }
  return found;
}

function isChanged(old: Inventory | undefined, fresh: Inventory | undefined): boolean {
  return fresh !== undefined && (old === undefined || !sameInventory(old, fresh));
}

function inventoryDuring(
  state: ProviderState,
  wanted: NewInventories | undefined,
  id: ClassId,
): StoredInventory | undefined {
  const old = state.inventories.get(id);
  const fresh = wanted?.get(id);
  return fresh === undefined ? old : withUse(fresh, old?.used ?? 0);
}

/** The provider afterwards. Removed classes that a consumer still holds are in `stillUsed`. */
export interface Reshaped {
  readonly state: ProviderState;
  readonly stillUsed: readonly ClassId[];
}

/**
 * The generation rises once for new inventories without classes and twice for others, and
 * once more if the request names the provider in allocations.
 */
export function reshaped(
  state: ProviderState,
  wanted: NewInventories,
  change: ProviderChange | undefined,
  now: number,
): Reshaped {
  const used = (id: ClassId) =>
    (state.inventories.get(id)?.used ?? 0) + (change?.classes.get(id)?.difference ?? 0);
  const gone = [...state.inventories.keys()].filter((id) => !wanted.has(id));
  const rises = (wanted.size === 0 ? 1 : 2) + (change?.raisesGeneration ? 1 : 0);
  return {
    state: {
      ...state,
      generation: state.generation + rises,
      revision: state.revision + 1,
      inventories: new Map([...wanted].map(([id, given]) => [id, withUse(given, used(id))])),
      consumers: state.consumers + (change?.consumers ?? 0),
      updated: now,
    },
    stillUsed: gone.filter((id) => used(id) > 0),
  };
}
