/** Deletes a provider together with all providers below it, or nothing. */
import { providerChanged } from "../../model/history/provider-change.ts";
import type { Provider } from "../../model/provider.ts";
import { ProviderInUse, ProviderNotFound } from "../../model/refusals/providers.ts";
import { subtreeOf } from "../../model/tree.ts";
import type { Uuid } from "../../model/uuid.ts";
import type { GuardedWrite } from "../changes/guarded-write.ts";
import { parentsAttribute, type Tree, tree, treeKey } from "../items/tree.ts";
import { customUseSums } from "../names/custom-uses.ts";
import type { Planner, Store } from "../store.ts";
import { add, equals, set } from "../table/expressions.ts";
import { Busy, DamagedRecords } from "../table/refusals.ts";
import { backOff } from "../table/retry.ts";
import { forDelete, providerDeletes, unchanged } from "./delete.ts";
import { readProviders, readTree, readTreeOf } from "./read.ts";

/** How often a subtree is read again that is moved or deleted meanwhile. */
const MAX_READS = 8;

/**
 * @param top of the subtree; the whole tree goes if it is the root
 * @throws ProviderNotFound, ProviderInUse, ChangeTooLarge, Busy, DamagedRecords
 */
export function subtreeDeletion(store: Store, top: Uuid): Planner<void> {
  return async () => {
    const { shape, members } = await readSubtree(store, top);
    const classes = members.flatMap(({ state }) => [...state.inventories.keys()]);
    const traits = members.flatMap(({ profile }) => profile.traits);
    const writes: GuardedWrite[] = [
      ...members.flatMap(providerDeletes),
      treeWrite(shape, members),
      ...customUseSums(await store.classes({ ids: classes }), endedUses(classes)),
      ...customUseSums(await store.traits({ ids: traits }), endedUses(traits)),
    ];
    const changed = members.map((each) => providerChanged("delete", each, undefined));
    return { writes, result: undefined, changed, confirm: () => isUnchanged(store, shape) };
  };
}

/** Whether the tree is as it was read: what was read since of its providers is then of this tree's. */
async function isUnchanged(store: Store, { root, version }: Tree): Promise<boolean> {
  return (await readTree(store, root))?.version === version;
}

interface Subtree {
  readonly shape: Tree;
  readonly members: readonly Provider[];
}

/**
 * The members of the subtree, on which nobody holds anything. A refusal is certain: a member that is in use or absent
 * still belongs to the tree afterwards.
 */
async function readSubtree(store: Store, top: Uuid): Promise<Subtree> {
  for (let attempt = 1; attempt <= MAX_READS; attempt += 1) {
    const shape = await readTreeOf(store, top);
    if (shape === undefined) throw new ProviderNotFound(top, forDelete);
    const uuids = subtreeOf(shape.parents, top);
    const members = await readProviders(store, uuids);
    const used = members.find(({ state }) => state.consumers > 0);
    if (used === undefined && members.length === uuids.length) return { shape, members };
    if (await isUnchanged(store, shape)) {
      if (used !== undefined) throw new ProviderInUse(used.state.uuid);
      throw new DamagedRecords(`tree ${shape.root} names providers that are absent`);
    }
    if (!(await backOff(store, attempt))) break;
  }
  throw new Busy();
}

/** One value for all that remains: an expression does not hold the removals of thousands. */
function treeWrite({ root, version, parents }: Tree, members: readonly Provider[]): GuardedWrite {
  const key = treeKey(root);
  const when = [equals(tree.version, version)];
  if (members.length === parents.size) return unchanged({ kind: "delete", key, when });
  const gone = new Set(members.map(({ state }) => state.uuid));
  const rest = new Map([...parents].filter(([uuid]) => !gone.has(uuid)));
  const changes = [set(tree.parents, parentsAttribute(rest)), add(tree.version, 1)];
  return unchanged({ kind: "update", key, changes, when });
}

/** By id: how many uses end, as a negative number. */
function endedUses(ids: readonly number[]): Map<number, number> {
  const sums = new Map<number, number>();
  for (const id of ids) sums.set(id, (sums.get(id) ?? 0) - 1);
  return sums;
}
