/** Repairs of a tree's item from the profiles of its members. */
import { NO_UUID } from "../../../model/uuid.ts";
import { guard, replan } from "../../changes/guarded-write.ts";
import { profileKey, profileOf } from "../../items/profile.ts";
import { providerOf } from "../../items/shard.ts";
import { parentAttribute, type Tree, tree, treeItem, treeKey, treeOf } from "../../items/tree.ts";
import { newVersion } from "../../items/versions.ts";
import { readTree } from "../../providers/read.ts";
import type { Plan, Store } from "../../store.ts";
import { absent, add, type Change, equals, remove, set } from "../../table/expressions.ts";
import type { Key } from "../../table/item.ts";
import type { Repair } from "./outcome.ts";
import { sameProfile } from "./profiles.ts";

/** Adds a provider to its tree as its profile says, once its parent is there. */
export async function joinTree(store: Store, key: Key): Promise<Repair> {
  return store.change(async (): Promise<Plan<Repair>> => {
    const item = await store.get(key);
    if (item === undefined) return { writes: [], result: "sound" };
    const { uuid, root, parent, version } = profileOf(item);
    const found = await readTree(store, root);
    if (found?.parents.has(uuid)) return { writes: [], result: "sound" };
    const same = sameProfile(uuid, version);
    if (found === undefined) {
      if (uuid !== root || parent !== undefined) return { writes: [], result: "left" };
      const parents = new Map([[uuid, undefined]]);
      const made = treeItem({ root, version: newVersion(store.random), parents });
      const put = guard({ kind: "put", item: made, when: [absent("pk")] }, () => replan);
      return { writes: [same, put], result: "repaired" };
    }
    if (parent === undefined || !found.parents.has(parent)) return { writes: [], result: "left" };
    const join = set(tree.parent(uuid), parentAttribute(parent));
    return { writes: [same, reshaped(found, join)], result: "repaired" };
  });
}

/** Removes a member that is absent or of another tree; moves a member that has another parent. */
export async function leaveTree(store: Store, key: Key, member: Key | undefined): Promise<Repair> {
  const uuid = member === undefined ? NO_UUID : providerOf(member);
  return store.change(async (): Promise<Plan<Repair>> => {
    const [item, stored] = await store.batchGet([key, profileKey(uuid)]);
    const found = item && treeOf(item);
    if (found === undefined || !found.parents.has(uuid)) return { writes: [], result: "sound" };
    if (stored === undefined) {
      const gone = guard(
        { kind: "check", key: profileKey(uuid), when: [absent("pk")] },
        () => replan,
      );
      return { writes: [gone, reshaped(found, remove(tree.parent(uuid)))], result: "repaired" };
    }
    const { root, parent, version } = profileOf(stored);
    const same = sameProfile(uuid, version);
    if (root !== found.root) {
      return { writes: [same, reshaped(found, remove(tree.parent(uuid)))], result: "repaired" };
    }
    if (parent === found.parents.get(uuid)) return { writes: [], result: "sound" };
    if (parent !== undefined && !found.parents.has(parent)) return { writes: [], result: "left" };
    const moved = set(tree.parent(uuid), parentAttribute(parent));
    return { writes: [same, reshaped(found, moved)], result: "repaired" };
  });
}

function reshaped(found: Tree, change: Change) {
  return guard(
    {
      kind: "update",
      key: treeKey(found.root),
      changes: [change, add(tree.version, 1)],
      when: [equals(tree.version, found.version)],
    },
    () => replan,
  );
}
