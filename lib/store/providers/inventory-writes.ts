/** The write of a provider's inventories, composed of a part for each class. */
import { capacityOf, type Inventory, sameInventory, withUse } from "../../model/inventory.ts";
import type { ProviderState } from "../../model/provider.ts";
import { ProviderNotFound } from "../../model/refusals/providers.ts";
import type { ClassId } from "../../model/standard-classes.ts";
import type { Uuid } from "../../model/uuid.ts";
import { type GuardedWrite, guard, refuse, type Verdict } from "../changes/guarded-write.ts";
import { hot, hotKey, inventoryAttribute, inventoryLeaves, stateOf } from "../items/hot.ts";
import type { Store } from "../store.ts";
import {
  absent,
  add,
  type Change,
  type Clause,
  equals,
  exists,
  remove,
  set,
  setDifference,
} from "../table/expressions.ts";
import type { Basis } from "./known-state.ts";

/** The changes of one class, and the clauses that they depend on. */
export interface Part {
  readonly changes: readonly Change[];
  readonly when: readonly Clause[];
}

const NOTHING: Part = { changes: [], when: [] };

export function joined(parts: readonly Part[]): Part {
  return {
    changes: parts.flatMap(({ changes }) => changes),
    when: parts.flatMap(({ when }) => when),
  };
}

export function added(id: ClassId, inventory: Inventory): Part {
  const stored = inventoryAttribute(withUse(inventory, 0));
  return { changes: [set(hot.inventory(id), stored)], when: [absent(...hot.inventory(id))] };
}

/** Only the leaves that differ: all leaves of thirty classes would not fit one expression. */
export function reconfigured(id: ClassId, from: Inventory, to: Inventory): Part {
  if (sameInventory(from, to)) return NOTHING;
  const known = inventoryLeaves(id, from);
  const leaves = inventoryLeaves(id, to)
    .filter(([, value], index) => known[index]?.[1] !== value)
    .map(([path, value]) => set(path, value));
  const free = setDifference(hot.free(id), capacityOf(to), hot.used(id));
  return { changes: [...leaves, free], when: [exists(...hot.used(id))] };
}

export function removed(id: ClassId): Part {
  return { changes: [remove(hot.inventory(id))], when: [equals(hot.used(id), 0)] };
}

export function next(
  store: Store,
  state: ProviderState,
  inventories: ProviderState["inventories"],
): ProviderState {
  return {
    ...state,
    inventories,
    generation: state.generation + 1,
    revision: state.revision + 1,
    updated: store.clock.now(),
  };
}

/** The write of the hot item, conditional on the generation that the change was planned on. */
export function hotWrite(
  { state: from, when }: Basis,
  to: ProviderState,
  part: Part,
  verdict: (now: ProviderState) => Verdict,
): GuardedWrite {
  const uuid: Uuid = from.uuid;
  return guard(
    {
      kind: "update",
      key: hotKey(uuid),
      changes: [
        add(hot.generation, 1),
        add(hot.revision, 1),
        set(hot.updated, to.updated),
        ...part.changes,
      ],
      when: [equals(hot.generation, from.generation), ...when, ...part.when],
    },
    (old) => (old === undefined ? refuse(new ProviderNotFound(uuid)) : verdict(stateOf(old))),
  );
}
