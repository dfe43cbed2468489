/** Creating providers. */

import { providerChanged } from "../../model/history/provider-change.ts";
import type { Provider } from "../../model/provider.ts";
import {
  creating,
  DuplicateProvider,
  MAX_TREE_SIZE,
  ParentIsItself,
  ParentNotFound,
  TreeTooLarge,
} from "../../model/refusals/providers.ts";
import type { Uuid } from "../../model/uuid.ts";
import { applied, type GuardedWrite, guard, refuse, replan } from "../changes/guarded-write.ts";
import { read } from "../items/attributes.ts";
import { hot, hotItem } from "../items/hot.ts";
import { profileItem, profileKey, profileOf } from "../items/profile.ts";
import { nameItem } from "../items/provider-name.ts";
import { parentAttribute, tree, treeItem, treeKey, treeOf } from "../items/tree.ts";
import { newVersion } from "../items/versions.ts";
import type { Planner, Store } from "../store.ts";
import { absent, add, exists, set, sizeBelow } from "../table/expressions.ts";

export interface NewProvider {
  readonly uuid: Uuid;
  readonly name: string;
  readonly parent: Uuid | undefined;
}

/** @throws ParentIsItself, ParentNotFound, TreeTooLarge, DuplicateProvider */
export function providerCreation(store: Store, given: NewProvider): Planner<Provider> {
  const words = creating(given.name, given.uuid);
  if (given.parent === given.uuid) throw new ParentIsItself(words);
  return async () => {
    const root = given.parent === undefined ? given.uuid : await rootOf(store, given.parent);
    if (root === undefined) throw new ParentNotFound(words);
    const provider = fresh(store, given, root);
    const shape = given.parent === undefined ? newTree(store, root) : joinTree(given, root);
    return {
      writes: [...ownItems(provider), shape],
      result: provider,
      changed: [providerChanged("create", undefined, provider)],
    };
  };
}

async function rootOf(store: Store, provider: Uuid): Promise<Uuid | undefined> {
  const item = await store.get(profileKey(provider));
  return item && profileOf(item).root;
}

function fresh(store: Store, given: NewProvider, root: Uuid): Provider {
  const now = store.clock.now();
  const version = newVersion(store.random);
  return {
    state: {
      uuid: given.uuid,
      generation: 0,
      revision: newVersion(store.random),
      profileVersion: version,
      inventories: new Map(),
      consumers: 0,
      created: now,
      updated: now,
    },
    profile: {
      ...given,
      version,
      root,
      traits: [],
      aggregates: [],
      updated: now,
    },
  };
}

function ownItems({ state, profile }: Provider): GuardedWrite[] {
  const stored = hotItem(state);
  return [
    guard({ kind: "put", item: stored, when: [absent("pk")] }, (old) => {
      // The revision is random: an equal one was written by an attempt of this request whose
      // answer was lost.
      if (old !== undefined && read(old, hot.revision) === state.revision) return applied;
      return refuse(new DuplicateProvider(`uuid: ${state.uuid}`), 2, 0);
    }),
    guard({ kind: "put", item: profileItem(profile), when: [absent("pk")] }, () =>
      refuse(new DuplicateProvider(`uuid: ${state.uuid}`), 2, 1),
    ),
    guard({ kind: "put", item: nameItem(profile.name, state.uuid), when: [absent("pk")] }, () =>
      refuse(new DuplicateProvider(`name: ${profile.name}`), 2, 2),
    ),
  ];
}

function newTree(store: Store, root: Uuid): GuardedWrite {
  const item = treeItem({
    root,
    version: newVersion(store.random),
    parents: new Map([[root, undefined]]),
  });
  return guard({ kind: "put", item, when: [absent("pk")] }, () =>
    refuse(new DuplicateProvider(`uuid: ${root}`), 2, 3),
  );
}

/** Adds the provider to its tree; planned again if the parent has left it since it was read. */
function joinTree(given: NewProvider, root: Uuid): GuardedWrite {
  const { uuid } = given;
  const parent = given.parent ?? root;
  return guard(
    {
      kind: "update",
      key: treeKey(root),
      changes: [set(tree.parent(uuid), parentAttribute(parent)), add(tree.version, 1)],
      when: [exists(...tree.parent(parent)), sizeBelow(tree.parents, MAX_TREE_SIZE)],
    },
    (old) => {
      if (old === undefined) return replan;
      const { parents } = treeOf(old);
      if (!parents.has(parent)) return replan;
      if (parents.size < MAX_TREE_SIZE) return undefined;
      return refuse(new TreeTooLarge(creating(given.name, uuid)), 2, 4);
    },
  );
}
