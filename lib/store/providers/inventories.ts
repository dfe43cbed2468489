/**
 * Writes inventories. A write sets only the configured leaves, and the free capacity as the
 * new capacity less the use at that moment: a release changes the use without changing the
 * generation.
 */

import { type Inventory, withUse } from "../../model/inventory.ts";
import type { ProviderState } from "../../model/provider.ts";
import {
  InventoriesInUse,
  InventoryExists,
  InventoryInUse,
  InventoryMissing,
  InventoryNotFound,
} from "../../model/refusals/inventories.ts";
import { ProviderGenerationConflict } from "../../model/refusals/providers.ts";
import type { ClassId } from "../../model/standard-classes.ts";
import type { Uuid } from "../../model/uuid.ts";
import type { NameDirectory } from "../cache/names.ts";
import { RANK, refuse, replan, type Verdict } from "../changes/guarded-write.ts";
import { customUses } from "../names/custom-uses.ts";
import type { Planner, Store } from "../store.ts";
import { added, hotWrite, joined, next, reconfigured, removed } from "./inventory-writes.ts";
import { plannedOn, replaced } from "./known-state.ts";

/** A class, with its name for messages. */
export interface NamedClass {
  readonly id: ClassId;
  readonly name: string;
}

/**
 * What the client wants, decided after the provider and its generation were checked: those
 * refusals are reported first.
 */
type Decide<T> = () => T;

/** The same by class names, which are looked up again with every plan. */
type DecideByName<T> = (directory: NameDirectory) => T;

/** One class of a provider and its wanted inventory. */
export interface NamedInventory {
  readonly of: NamedClass;
  readonly inventory: Inventory;
}

/** @throws ProviderGenerationConflict */
function requireGeneration(state: ProviderState, generation: number): void {
  if (state.generation !== generation) throw new ProviderGenerationConflict();
}

/**
 * Adds the class called `name`. The client names no generation: if it has changed, the change
 * is planned again.
 * @returns a planner whose result is the state after the change
 * @throws ProviderNotFound, InventoryExists
 */
export function inventoryCreation(
  store: Store,
  uuid: Uuid,
  name: string,
  decide: DecideByName<NamedInventory>,
): Planner<ProviderState> {
  return plannedOn(store, uuid, async (basis) => {
    const { state } = basis;
    const directory = await store.classes({ names: [name] });
    const { of, inventory } = decide(directory);
    if (state.inventories.has(of.id)) throw new InventoryExists(of.name, state.uuid);
    const changed = new Map([...state.inventories, [of.id, withUse(inventory, 0)]]);
    const result = next(store, state, changed);
    const write = hotWrite(basis, result, added(of.id, inventory), () => replan);
    const writes = [write, ...customUses(directory, [of.id], 1)];
    return { writes, ...replaced(store, { from: state, to: result }, result) };
  });
}

export interface Replacement {
  /** The client's. */
  readonly generation: number;
  /** Names of the wanted classes. */
  readonly names: readonly string[];
}

export interface Replaced {
  readonly state: ProviderState;
  /** Contains all of the provider's classes. */
  readonly directory: NameDirectory;
}

/**
 * Replaces all inventories.
 * @throws ProviderNotFound, ProviderGenerationConflict, InventoriesInUse
 */
export function inventoriesReplacement(
  store: Store,
  uuid: Uuid,
  { generation, names }: Replacement,
  decide: DecideByName<ReadonlyMap<ClassId, Inventory>>,
): Planner<Replaced> {
  return plannedOn(store, uuid, async (basis) => {
    const { state } = basis;
    requireGeneration(state, generation);
    const directory = await store.classes({ names, ids: state.inventories.keys() });
    const wanted = decide(directory);
    const gone = [...state.inventories.keys()].filter((id) => !wanted.has(id));
    const fresh = [...wanted.keys()].filter((id) => !state.inventories.has(id));
    const inUse = (now: ProviderState) =>
      usedAmong(now, gone).map((id) => directory.nameOf(id) ?? String(id));
    const used = inUse(state);
    if (used.length > 0) throw new InventoriesInUse("replace", used, state.uuid);
    const parts = [...wanted].map(([id, inventory]) => {
      const known = state.inventories.get(id);
      return known === undefined ? added(id, inventory) : reconfigured(id, known, inventory);
    });
    const inventories = new Map(
      [...wanted].map(([id, inventory]) => [
        id,
        withUse(inventory, state.inventories.get(id)?.used ?? 0),
      ]),
    );
    const result = next(store, state, inventories);
    const write = hotWrite(basis, result, joined([...parts, ...gone.map(removed)]), (now) => {
      if (now.generation !== generation) return conflict();
      const usedNow = inUse(now);
      if (usedNow.length === 0) return replan;
      return refuse(new InventoriesInUse("replace", usedNow, state.uuid));
    });
    return {
      writes: [write, ...customUses(directory, fresh, 1), ...customUses(directory, gone, -1)],
      ...replaced(store, { from: state, to: result }, { state: result, directory }),
    };
  });
}

/**
 * @returns a planner whose result is the state after the change
 * @throws ProviderNotFound, ProviderGenerationConflict, InventoryMissing
 */
export function inventoryUpdate(
  store: Store,
  uuid: Uuid,
  generation: number,
  decide: Decide<NamedInventory>,
): Planner<ProviderState> {
  return plannedOn(store, uuid, async (basis) => {
    const { state } = basis;
    requireGeneration(state, generation);
    const { of, inventory } = decide();
    const known = state.inventories.get(of.id);
    if (known === undefined) throw new InventoryMissing(of.name, state.uuid);
    const changed = new Map([...state.inventories, [of.id, withUse(inventory, known.used)]]);
    const result = next(store, state, changed);
    const write = hotWrite(basis, result, reconfigured(of.id, known, inventory), (now) =>
      now.generation === generation ? replan : conflict(),
    );
    return { writes: [write], ...replaced(store, { from: state, to: result }, result) };
  });
}

/** @throws ProviderNotFound, InventoryNotFound, InventoryInUse */
export function inventoryDeletion(store: Store, uuid: Uuid, of: NamedClass): Planner<void> {
  return plannedOn(store, uuid, async (basis) => {
    const { state } = basis;
    const known = state.inventories.get(of.id);
    if (known === undefined) throw new InventoryNotFound(of.name, state.uuid, true);
    if (known.used > 0) throw new InventoryInUse(of.name, state.uuid);
    const directory = await store.classes({ ids: [of.id] });
    const rest = new Map([...state.inventories].filter(([id]) => id !== of.id));
    const after = next(store, state, rest);
    const write = hotWrite(basis, after, removed(of.id), (now) =>
      (now.inventories.get(of.id)?.used ?? 0) > 0
        ? refuse(new InventoryInUse(of.name, state.uuid))
        : replan,
    );
    const writes = [write, ...customUses(directory, [of.id], -1)];
    return { writes, ...replaced(store, { from: state, to: after }, undefined) };
  });
}

/** @throws ProviderNotFound, InventoriesInUse */
export function inventoriesDeletion(store: Store, uuid: Uuid): Planner<void> {
  return plannedOn(store, uuid, async (basis) => {
    const { state } = basis;
    const gone = [...state.inventories.keys()];
    const directory = await store.classes({ ids: gone });
    const named = (ids: readonly ClassId[]) => ids.map((id) => directory.nameOf(id) ?? String(id));
    const used = usedAmong(state, gone);
    if (used.length > 0) throw new InventoriesInUse("delete", named(used), state.uuid);
    const after = next(store, state, new Map());
    const write = hotWrite(basis, after, joined(gone.map(removed)), (now) => {
      const usedNow = usedAmong(now, gone);
      return usedNow.length > 0
        ? refuse(new InventoriesInUse("delete", named(usedNow), state.uuid))
        : replan;
    });
    const writes = [write, ...customUses(directory, gone, -1)];
    return { writes, ...replaced(store, { from: state, to: after }, undefined) };
  });
}

function usedAmong(state: ProviderState, ids: readonly ClassId[]): ClassId[] {
  return ids.filter((id) => (state.inventories.get(id)?.used ?? 0) > 0);
}

function conflict(): Verdict {
  return refuse(new ProviderGenerationConflict(), RANK.generation);
}
