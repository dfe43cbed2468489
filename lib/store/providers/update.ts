/** Renames providers and moves them within and between trees. */
import { moveChanged } from "../../model/history/provider-change.ts";
import type { Provider } from "../../model/provider.ts";
import {
  DuplicateProvider,
  MAX_TREE_SIZE,
  ParentMakesLoop,
  ParentNotFound,
  ProviderNotFound,
  ReparentingTooEarly,
  saving,
  TreeTooLarge,
} from "../../model/refusals/providers.ts";
import { subtreeOf } from "../../model/tree.ts";
import { type Uuid, uuidToBytes } from "../../model/uuid.ts";
import { type GuardedWrite, guard, refuse, replan } from "../changes/guarded-write.ts";
import { hotKey } from "../items/hot.ts";
import { profile } from "../items/profile.ts";
import { nameItem, nameKey, providerName } from "../items/provider-name.ts";
import { parentAttribute, type Tree, tree, treeItem, treeKey } from "../items/tree.ts";
import { newVersion, nextVersion } from "../items/versions.ts";
import type { Planner, Store } from "../store.ts";
import { absent, add, type Change, equals, remove, set } from "../table/expressions.ts";
import { DamagedRecords } from "../table/refusals.ts";
import { profileWrites } from "./profile-writes.ts";
import { readProvider, readProviders, readTree, readTreeOf } from "./read.ts";

export interface ProviderUpdate {
  readonly uuid: Uuid;
  readonly name: string;
  /** Undefined leaves the parent as it is; null makes the provider a root. */
  readonly parent: Uuid | null | undefined;
  /** Whether a provider with a parent may get another one (from 1.37). */
  readonly mayReparent: boolean;
}

/**
 * @returns a planner whose result is the provider after the change
 * @throws ProviderNotFound, ParentNotFound, ReparentingTooEarly, ParentMakesLoop, TreeTooLarge,
 *   DuplicateProvider
 */
export function providerUpdate(store: Store, given: ProviderUpdate): Planner<Provider> {
  return async () => {
    const found = await readProvider(store, given.uuid);
    if (found === undefined) throw new ProviderNotFound(given.uuid);
    const now = store.clock.now();
    const versionAfter = (each: Provider) => nextVersion(store.random, each.profile.version);
    const move = await planMove(store, given, found);
    const renamed = given.name !== found.profile.name;
    if (move === undefined && !renamed) {
      return { writes: [], fulfilled: [hotKey(given.uuid)], result: found };
    }
    const parent = move === undefined ? found.profile.parent : move.parent;
    const root = move?.root ?? found.profile.root;
    const result: Provider = {
      state: { ...found.state, updated: now },
      profile: { ...found.profile, name: given.name, parent, root, updated: now },
    };
    const own = [
      ...(renamed ? [set(profile.name, given.name)] : []),
      ...(move === undefined ? [] : parentChanges(move)),
    ];
    return {
      writes: [
        ...profileWrites(found, { changes: own, version: versionAfter(found), now }),
        ...(renamed ? renaming(found, given.name) : []),
        ...(move?.others.flatMap((other) =>
          profileWrites(other, {
            changes: rootChange(move.root),
            version: versionAfter(other),
            now,
          }),
        ) ?? []),
        ...(move?.trees ?? []),
      ],
      result,
      changed: moveChanged(found, result, move?.others),
    };
  };
}

interface Move {
  readonly parent: Uuid | undefined;
  readonly root: Uuid;
  /** Providers below the moved one, if the root changes. */
  readonly others: readonly Provider[];
  readonly trees: readonly GuardedWrite[];
}

/** The writes that a change of parent needs; undefined if the parent stays. */
async function planMove(
  store: Store,
  given: ProviderUpdate,
  found: Provider,
): Promise<Move | undefined> {
  const { parent } = found.profile;
  if (given.parent === undefined) return undefined;
  const words = saving(found.state.uuid);
  const target = given.parent === null ? undefined : await readTreeOf(store, given.parent);
  if (given.parent !== null && target === undefined) throw new ParentNotFound(words);
  const wanted = given.parent ?? undefined;
  if (parent !== undefined && wanted !== parent && !given.mayReparent) {
    throw new ReparentingTooEarly(words, wanted === undefined);
  }
  // Within one tree everything is decided by one read of it, whose version is compared.
  const source = target?.parents.has(found.state.uuid)
    ? target
    : await readTreeOf(store, found.state.uuid);
  if (source === undefined) throw new ProviderNotFound(given.uuid);
  const moved = subtreeOf(source.parents, found.state.uuid);
  if (wanted !== undefined && moved.includes(wanted)) throw new ParentMakesLoop(words);
  if (wanted === parent) return undefined;
  if (source.parents.get(found.state.uuid) !== parent) {
    // The provider moved between the two reads: the condition on the profile's version fails, and
    // the change is planned again.
    return { parent: wanted, root: source.root, others: [], trees: [] };
  }
  const to = target ?? newTree(store, found.state.uuid);
  if (target !== undefined && target.root === source.root) {
    const change = set(tree.parent(found.state.uuid), parentAttribute(wanted));
    const trees = [reshapeTree(source, [change])];
    return { parent: wanted, root: source.root, others: [], trees };
  }
  if (target !== undefined && target.parents.size + moved.length > MAX_TREE_SIZE) {
    throw new TreeTooLarge(words);
  }
  const others = await readOthers(store, source, moved.slice(1));
  const trees = [
    leaveTree(source, moved),
    enterTree(to, source, moved, wanted, target === undefined),
  ];
  return { parent: wanted, root: to.root, others, trees };
}

/**
 * The members of the tree `from` that move along. A member that is absent was deleted after
 * the tree was read: the condition on the tree's version fails, and the change is planned
 * again.
 * @throws DamagedRecords
 */
async function readOthers(store: Store, from: Tree, uuids: readonly Uuid[]): Promise<Provider[]> {
  const others = await readProviders(store, uuids);
  if (others.length === uuids.length) return others;
  const now = await readTree(store, from.root);
  if (now?.version !== from.version) return others;
  throw new DamagedRecords(`tree ${from.root} names providers that are absent`);
}

function newTree(store: Store, root: Uuid): Tree {
  return { root, version: newVersion(store.random), parents: new Map() };
}

function parentChanges(move: Move): Change[] {
  const parent =
    move.parent === undefined
      ? remove(profile.parent)
      : set(profile.parent, uuidToBytes(move.parent));
  return [parent, ...rootChange(move.root)];
}

const rootChange = (root: Uuid): Change[] => [set(profile.root, uuidToBytes(root))];

function renaming({ state, profile: known }: Provider, name: string): GuardedWrite[] {
  const when = [equals(providerName.provider, state.uuid)];
  return [
    guard({ kind: "delete", key: nameKey(known.name), when }, () => replan),
    guard({ kind: "put", item: nameItem(name, state.uuid), when: [absent("pk")] }, () =>
      refuse(new DuplicateProvider(name)),
    ),
  ];
}

function reshapeTree(source: Tree, changes: readonly Change[]): GuardedWrite {
  return guard(
    {
      kind: "update",
      key: treeKey(source.root),
      changes: [...changes, add(tree.version, 1)],
      when: [equals(tree.version, source.version)],
    },
    () => replan,
  );
}

function leaveTree(source: Tree, moved: readonly Uuid[]): GuardedWrite {
  if (moved.length < source.parents.size) {
    return reshapeTree(
      source,
      moved.map((uuid) => remove(tree.parent(uuid))),
    );
  }
  const when = [equals(tree.version, source.version)];
  return guard({ kind: "delete", key: treeKey(source.root), when }, () => replan);
}

function enterTree(
  to: Tree,
  source: Tree,
  moved: readonly Uuid[],
  parent: Uuid | undefined,
  isNew: boolean,
): GuardedWrite {
  const [top] = moved;
  const parents = new Map(
    moved.map((uuid) => [uuid, uuid === top ? parent : source.parents.get(uuid)] as const),
  );
  if (isNew) {
    const item = treeItem({ ...to, parents });
    return guard({ kind: "put", item, when: [absent("pk")] }, () => replan);
  }
  return reshapeTree(
    to,
    [...parents].map(([uuid, above]) => set(tree.parent(uuid), parentAttribute(above))),
  );
}
