import type { Inventory } from "../../lib/model/inventory.ts";
import type { ProviderState } from "../../lib/model/provider.ts";
import type { NameDirectory } from "../../lib/store/cache/names.ts";

function fields(inventory: Inventory) {
  return {
    total: inventory.total,
    reserved: inventory.reserved,
    min_unit: inventory.minUnit,
    max_unit: inventory.maxUnit,
    step_size: inventory.stepSize,
    allocation_ratio: inventory.allocationRatio,
  };
}

export function inventoryDocument(generation: number, inventory: Inventory) {
  return { resource_provider_generation: generation, ...fields(inventory) };
}

/**
 * All inventories of a provider. A class that the directory does not know was deleted after
 * the provider was read, so the provider has no inventory of it any more.
 */
export function inventoriesDocument(state: ProviderState, directory: NameDirectory) {
  const named = [...state.inventories].flatMap(([id, inventory]) => {
    const name = directory.nameOf(id);
    return name === undefined ? [] : [[name, fields(inventory)] as const];
  });
  return {
    resource_provider_generation: state.generation,
    inventories: Object.fromEntries(named),
  };
}

/** Unknown without inventories: Placement sends no `Last-Modified` then. */
export function inventoriesModified(state: ProviderState): number | "unknown" {
  return state.inventories.size === 0 ? "unknown" : state.updated;
}
