/** The options at one root: the providers that each slot may take. */
import { NONE } from "../snapshot/columns.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { NO_UUID } from "../uuid.ts";
import type { Budget } from "./budget.ts";
import { hasTraits, type SlotFilter, slotFilter, treeOf } from "./filters.ts";
import { type CandidateQuery, UNSUFFIXED } from "./query.ts";
import type { Slots } from "./slots.ts";

export interface Anchor {
  readonly root: number;
  /** By slot, at least one each: the tree's own providers first. */
  readonly options: readonly (readonly number[])[];
}

export class Anchors {
  readonly #snapshot: Snapshot;
  readonly #query: CandidateQuery;
  readonly #filters: readonly SlotFilter[];
  readonly #rootPasses: (root: number) => boolean;
  /** Whether a provider alone has the traits that the unsuffixed group requires. */
  readonly #coversAlone: (row: number) => boolean;

  constructor(snapshot: Snapshot, query: CandidateQuery, { slots }: Slots) {
    this.#snapshot = snapshot;
    this.#query = query;
    this.#filters = slots.map((slot) => slotFilter(snapshot, slot));
    const { required, forbidden } = query.rootRequired;
    const unsuffixed = query.groups.find(({ suffix }) => suffix === UNSUFFIXED);
    this.#coversAlone = hasTraits(snapshot, unsuffixed?.traits ?? { anyOf: [], forbidden: [] });
    this.#rootPasses = hasTraits(snapshot, { anyOf: required.map((id) => [id]), forbidden });
  }

  /** The roots that may be anchors. */
  roots(): Int32Array {
    const trees = this.#query.groups
      .filter(({ inTree, resources }) => inTree !== undefined && resources.size > 0)
      .map(({ inTree = NO_UUID, suffix }) => ({ tree: treeOf(this.#snapshot, inTree), suffix }));
    if (trees.some(({ tree }) => tree === NONE)) return new Int32Array();
    // in_tree of a suffixed group limits its provider, which has other anchors too if it shares.
    const bound = trees.find(({ tree, suffix }) => suffix === UNSUFFIXED || !this.#shares(tree));
    return bound === undefined ? this.#snapshot.columns.roots : Int32Array.of(bound.tree);
  }

  /** Undefined if a slot has no provider there. */
  at(root: number, budget: Budget): Anchor | undefined {
    budget.spend(1);
    if (!this.#rootPasses(root)) return undefined;
    if (!this.#filters.every((filter) => filter.anchors(root))) return undefined;
    const foreign = this.foreignAt(root, budget);
    const alone = foreign.length === 0 && this.#snapshot.columns.next[root] === NONE;
    if (alone && !this.#coversAlone(root)) return undefined;
    const options: number[][] = [];
    for (const filter of this.#filters) {
      const found = this.#optionsOf(filter, root, foreign, budget);
      if (found.length === 0) return undefined;
      options.push(found);
    }
    return { root, options };
  }

  /** Sharing providers of other trees that are anchored at `root`, in the order of their uuids. */
  foreignAt(root: number, budget: Budget): readonly number[] {
    const { sharing, columns } = this.#snapshot;
    if (sharing.size === 0) return [];
    const isForeign = (row: number) => columns.root[row] !== root;
    let found: readonly number[] | undefined;
    let merged: Set<number> | undefined;
    for (let row = root; row !== NONE; row = columns.next[row] ?? NONE) {
      budget.spend(1);
      const rows = sharing.withAnyOf(columns.aggregates[row] ?? 0);
      if (rows.length === 0 || rows === found) continue;
      if (found === undefined) {
        found = rows;
        continue;
      }
      merged ??= new Set(found);
      budget.spend(rows.length);
      for (const each of rows) merged.add(each);
    }
    const rows = merged === undefined ? (found ?? []) : sharing.ordered(merged);
    return rows.every(isForeign) ? rows : rows.filter(isForeign);
  }

  #optionsOf(
    filter: SlotFilter,
    root: number,
    foreign: readonly number[],
    budget: Budget,
  ): number[] {
    const { next } = this.#snapshot.columns;
    const found: number[] = [];
    let looks = 0;
    for (let row = root; row !== NONE; row = next[row] ?? NONE) {
      looks += 1;
      if (filter.passes(row, root, false)) found.push(row);
    }
    if (filter.takesForeign) {
      looks += foreign.length;
      for (const row of foreign) if (filter.passes(row, root, true)) found.push(row);
    }
    budget.spend(looks);
    return found;
  }

  #shares(root: number): boolean {
    const { next } = this.#snapshot.columns;
    for (let row = root; row !== NONE; row = next[row] ?? NONE) {
      if (this.#snapshot.sharing.isSharing(row)) return true;
    }
    return false;
  }
}
