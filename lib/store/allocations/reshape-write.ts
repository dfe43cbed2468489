/** The hot item of a provider whose inventories and use change in one step. */
import { capacityOf } from "../../model/inventory.ts";
import type { ProviderState } from "../../model/provider.ts";
import {
  ReshapeGenerationConflict,
  ReshapeProviderNotFound,
} from "../../model/refusals/reshaper.ts";
import { type GuardedWrite, guard, RANK, refuse, replan } from "../changes/guarded-write.ts";
import { hot, hotKey, inventoryAttribute, inventoryLeaves, stateOf } from "../items/hot.ts";
import { add, type Change, equals, remove, set } from "../table/expressions.ts";

/**
 * The write from `before` to `after`, if the item has not changed since it was read: capacity
 * and use were checked against what was read.
 * @param generation the client's
 */
export function reshapeWrite(
  before: ProviderState,
  after: ProviderState,
  generation: number,
): GuardedWrite {
  const { uuid } = before;
  const changes: Change[] = [
    add(hot.revision, 1),
    add(hot.generation, after.generation - before.generation),
    add(hot.consumers, after.consumers - before.consumers),
    set(hot.updated, after.updated),
    ...inventoryChanges(before, after),
  ];
  const when = [equals(hot.generation, generation), equals(hot.revision, before.revision)];
  return guard({ kind: "update", key: hotKey(uuid), changes, when }, (old) => {
    if (old === undefined) return refuse(new ReshapeProviderNotFound(uuid), RANK.generation);
    const actual = stateOf(old).generation;
    if (actual === generation) return replan;
    return refuse(new ReshapeGenerationConflict(uuid, actual, generation), RANK.generation);
  });
}

/** Only the leaves that differ: all leaves of thirty classes would not fit one expression. */
function inventoryChanges(before: ProviderState, after: ProviderState): Change[] {
  const changes: Change[] = [];
  for (const id of before.inventories.keys()) {
    if (!after.inventories.has(id)) changes.push(remove(hot.inventory(id)));
  }
  for (const [id, to] of after.inventories) {
    const from = before.inventories.get(id);
    if (from === undefined) {
      changes.push(set(hot.inventory(id), inventoryAttribute(to)));
      continue;
    }
    const known = inventoryLeaves(id, from);
    for (const [index, [path, value]] of inventoryLeaves(id, to).entries()) {
      if (known[index]?.[1] !== value) changes.push(set(path, value));
    }
    if (to.used !== from.used) changes.push(set(hot.used(id), to.used));
    const free = capacityOf(to) - to.used;
    if (free !== from.free) changes.push(set(hot.free(id), free));
  }
  return changes;
}
