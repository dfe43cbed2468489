/** The record of a provider in a snapshot. */
import { truncatedCapacity } from "../inventory.ts";
import type { Provider } from "../provider.ts";
import type { ClassId } from "../standard-classes.ts";
import type { TraitId } from "../standard-traits.ts";
import type { Uuid } from "../uuid.ts";
import { NONE } from "./columns.ts";
import type { Snapshot } from "./snapshot.ts";

export interface InventoryRecord {
  readonly id: ClassId;
  readonly minUnit: number;
  readonly maxUnit: number;
  readonly stepSize: number;
  /** Truncated toward zero, as it is shown. */
  readonly capacity: number;
  readonly used: number;
  /** The free capacity that claims are checked against; negative if more is used. */
  readonly free: number;
}

export interface ProviderRecord {
  readonly uuid: Uuid;
  readonly parent: Uuid | undefined;
  readonly traits: Iterable<TraitId>;
  readonly aggregates: Iterable<Uuid>;
  readonly inventories: readonly InventoryRecord[];
}

export function recordOf({ state, profile }: Provider): ProviderRecord {
  const inventories = Array.from(state.inventories, ([id, inventory]) => ({
    id,
    minUnit: inventory.minUnit,
    maxUnit: inventory.maxUnit,
    stepSize: inventory.stepSize,
    capacity: truncatedCapacity(inventory),
    used: inventory.used,
    free: inventory.free,
  }));
  const { parent, traits, aggregates } = profile;
  return { uuid: state.uuid, parent, traits, aggregates, inventories };
}

/** The record from which a row was written. */
export function recordAt({ interned, columns }: Snapshot, row: number): ProviderRecord {
  const parent = columns.parent[row] ?? NONE;
  const aggregates = interned.aggregateSets.idsOf(columns.aggregates[row] ?? 0);
  const first = columns.firstSlot[row] ?? 0;
  const count = columns.slots[row] ?? 0;
  return {
    uuid: interned.providers.textOf(row),
    parent: parent === NONE ? undefined : interned.providers.textOf(parent),
    traits: interned.traitSets.idsOf(columns.traits[row] ?? 0),
    aggregates: Array.from(aggregates, (index) => interned.aggregates.textOf(index)),
    inventories: Array.from({ length: count }, (_, index) => inventoryAt(columns, first + index)),
  };
}

function inventoryAt(columns: Snapshot["columns"], slot: number): InventoryRecord {
  const at = (column: Int32Array | Float64Array) => column[slot] ?? 0;
  return {
    id: at(columns.classes),
    minUnit: at(columns.minUnit),
    maxUnit: at(columns.maxUnit),
    stepSize: at(columns.stepSize),
    capacity: at(columns.capacity),
    used: at(columns.used),
    free: at(columns.free),
  };
}
