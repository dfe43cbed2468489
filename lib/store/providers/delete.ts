/** Deleting providers. */

import { providerChanged } from "../../model/history/provider-change.ts";
import type { Provider } from "../../model/provider.ts";
import {
  ProviderHasChildren,
  ProviderInUse,
  ProviderNotFound,
} from "../../model/refusals/providers.ts";
import { hasChildren } from "../../model/tree.ts";
import type { Uuid } from "../../model/uuid.ts";
import { type GuardedWrite, guard, refuse, replan } from "../changes/guarded-write.ts";
import { hot, hotKey, stateOf } from "../items/hot.ts";
import { profile, profileKey } from "../items/profile.ts";
import { nameKey, providerName } from "../items/provider-name.ts";
import { tree, treeKey } from "../items/tree.ts";
import { customUses } from "../names/custom-uses.ts";
import type { Planner, Store } from "../store.ts";
import { add, equals, remove } from "../table/expressions.ts";
import { readProvider, readTree, readTreeOf } from "./read.ts";

export const forDelete = (sentence: string) => `${sentence} for delete`;

/** @throws ProviderNotFound, ProviderHasChildren, ProviderInUse */
export function providerDeletion(store: Store, given: Uuid): Planner<void> {
  return async () => {
    // Most are roots, whose tree has their own key: it is read at the same time.
    const [found, own] = await Promise.all([readProvider(store, given), readTree(store, given)]);
    const shape = found && (own?.parents.has(given) ? own : await readTreeOf(store, given));
    if (found === undefined || shape === undefined) throw new ProviderNotFound(given, forDelete);
    const { state, profile: known } = found;
    const { uuid } = state;
    if (hasChildren(shape.parents, uuid)) throw new ProviderHasChildren(uuid);
    if (state.consumers > 0) throw new ProviderInUse(uuid);
    const ids = [...state.inventories.keys()];
    const { traits } = known;
    const uses = [
      ...customUses(await store.classes({ ids }), ids, -1),
      ...customUses(await store.traits({ ids: traits }), traits, -1),
    ];
    const writes: GuardedWrite[] = [
      ...providerDeletes(found),
      unchanged(
        known.root === uuid
          ? { kind: "delete", key: treeKey(uuid), when: [equals(tree.version, shape.version)] }
          : {
              kind: "update",
              key: treeKey(shape.root),
              changes: [remove(tree.parent(uuid)), add(tree.version, 1)],
              when: [equals(tree.version, shape.version)],
            },
      ),
      ...uses,
    ];
    return { writes, result: undefined, changed: [providerChanged("delete", found, undefined)] };
  };
}

/** The provider's own items: it goes if nobody holds anything on it, and if it is as it was read. */
export function providerDeletes({ state, profile: known }: Provider): GuardedWrite[] {
  const { uuid, generation } = state;
  const hotDelete = guard(
    {
      kind: "delete",
      key: hotKey(uuid),
      when: [equals(hot.consumers, 0), equals(hot.generation, generation)],
    },
    (old) =>
      old !== undefined && stateOf(old).consumers > 0 ? refuse(new ProviderInUse(uuid)) : replan,
  );
  return [
    hotDelete,
    unchanged({
      kind: "delete",
      key: profileKey(uuid),
      when: [equals(profile.version, known.version)],
    }),
    unchanged({
      kind: "delete",
      key: nameKey(known.name),
      when: [equals(providerName.provider, uuid)],
    }),
  ];
}

/** A write whose failed condition means that the plan is out of date. */
export function unchanged(write: GuardedWrite["write"]): GuardedWrite {
  return guard(write, () => replan);
}
