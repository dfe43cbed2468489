/** Which providers a slot may take, at an anchor. */
import type { AggregateFilter } from "../queries/member-of.ts";
import type { TraitFilter } from "../queries/required.ts";
import { NONE } from "../snapshot/columns.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { TraitId } from "../standard-traits.ts";
import type { Uuid } from "../uuid.ts";
import type { Need, Slot } from "./slots.ts";

export interface SlotFilter {
  /** Whether providers of other trees are allowed at all. */
  readonly takesForeign: boolean;
  /** Whether `root` may be an anchor. */
  anchors(root: number): boolean;
  /** @param foreign whether the provider is of another tree, and shares what it has */
  passes(row: number, root: number, foreign: boolean): boolean;
}

type Test = (row: number) => boolean;

export function slotFilter(snapshot: Snapshot, { group, suffixed, needs }: Slot): SlotFilter {
  return suffixed
    ? suffixedFilter(snapshot, group, fitsAll(snapshot, needs))
    : unsuffixedFilter(snapshot, group, fitsAll(snapshot, needs));
}

/** One provider alone satisfies a suffixed group, at any anchor. */
function suffixedFilter(snapshot: Snapshot, group: Slot["group"], fits: Test): SlotFilter {
  const traits = hasTraits(snapshot, group.traits);
  const aggregates = [inAll(snapshot, group.aggregates.anyOf), inNone(snapshot, group.aggregates)];
  const resourceless = group.resources.size === 0;
  const wanted = group.traits.anyOf.length > 0 || group.aggregates.anyOf.length > 0;
  // Placement ignores in_tree of a group without resources.
  const inTree = resourceless ? undefined : group.inTree;
  const tree = inTree === undefined ? undefined : treeOf(snapshot, inTree);
  const { root: roots } = snapshot.columns;
  const finds = (!resourceless || wanted) && tree !== NONE;
  return {
    takesForeign: finds,
    anchors: () => finds,
    passes: (row) =>
      (tree === undefined || roots[row] === tree) &&
      fits(row) &&
      traits(row) &&
      aggregates.every((test) => test(row)),
  };
}

/**
 * The unsuffixed group may be satisfied by several providers, which together have the
 * required traits; an aggregate of the anchor's root counts for its whole tree.
 */
function unsuffixedFilter(snapshot: Snapshot, group: Slot["group"], fits: Test): SlotFilter {
  const allowed = hasTraits(snapshot, { anyOf: [], forbidden: group.traits.forbidden });
  const inAggregates = inAll(snapshot, group.aggregates.anyOf);
  const outside = inNone(snapshot, group.aggregates);
  const tree = group.inTree === undefined ? undefined : treeOf(snapshot, group.inTree);
  return {
    takesForeign: tree === undefined,
    anchors: (root) => (tree === undefined || root === tree) && outside(root),
    passes: (row, root, foreign) =>
      fits(row) &&
      allowed(row) &&
      outside(row) &&
      (inAggregates(row) || (!foreign && inAggregates(root))),
  };
}

/** The root of the provider's tree; NONE if there is no such provider. */
export function treeOf(snapshot: Snapshot, provider: Uuid): number {
  return snapshot.rootOf(snapshot.rowOf(provider));
}

/** Whether each amount could be claimed by itself. */
export function fitsAll(snapshot: Snapshot, needs: readonly Need[]): Test {
  const { minUnit, maxUnit, stepSize, free } = snapshot.columns;
  return (row) => {
    for (const { id, amount } of needs) {
      const slot = snapshot.slotOf(row, id);
      if (slot === NONE) return false;
      if (amount > (free[slot] ?? 0) || amount > (maxUnit[slot] ?? 0)) return false;
      if (amount < (minUnit[slot] ?? 0) || amount % (stepSize[slot] ?? 1) !== 0) return false;
    }
    return true;
  };
}

export function hasTraits(snapshot: Snapshot, { anyOf, forbidden }: TraitFilter<TraitId>): Test {
  if (anyOf.length === 0 && forbidden.length === 0) return () => true;
  const { traits } = snapshot.columns;
  const passes = snapshot.interned.traitSets.matcher(
    (set, sets) =>
      anyOf.every((some) => some.some((id) => sets.has(set, id))) &&
      !forbidden.some((id) => sets.has(set, id)),
  );
  return (row) => passes(traits[row] ?? 0);
}

function inAll(snapshot: Snapshot, anyOf: AggregateFilter["anyOf"]): Test {
  return anyOf.length === 0 ? () => true : inAggregates(snapshot, { anyOf, forbidden: [] });
}

function inNone(snapshot: Snapshot, { forbidden }: AggregateFilter): Test {
  return forbidden.length === 0 ? () => true : inAggregates(snapshot, { anyOf: [], forbidden });
}

/** An aggregate that no provider was ever in has no number, and no members. */
export function inAggregates(snapshot: Snapshot, { anyOf, forbidden }: AggregateFilter): Test {
  const { aggregates } = snapshot.columns;
  const numbers = (uuids: readonly Uuid[]) =>
    uuids.flatMap((uuid) => snapshot.interned.aggregates.find(uuid) ?? []);
  const wanted = anyOf.map(numbers);
  const refused = numbers(forbidden);
  const passes = snapshot.interned.aggregateSets.matcher(
    (set, sets) =>
      wanted.every((some) => some.some((index) => sets.has(set, index))) &&
      !refused.some((index) => sets.has(set, index)),
  );
  return (row) => passes(aggregates[row] ?? 0);
}
