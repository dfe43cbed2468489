/** The conditions of one request group, one by one, for an explanation. */
import { NONE } from "../snapshot/columns.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { ClassId } from "../standard-classes.ts";
import type { TraitId } from "../standard-traits.ts";
import type { Uuid } from "../uuid.ts";
import { hasTraits, inAggregates, treeOf } from "./filters.ts";
import { type RequestGroup, UNSUFFIXED } from "./query.ts";

/** The requirement of a condition. */
export type Condition =
  | {
      readonly kind: "inventory" | "units" | "capacity";
      readonly id: ClassId;
      readonly amount: number;
    }
  | { readonly kind: "required"; readonly anyOf: readonly TraitId[] }
  | { readonly kind: "forbidden"; readonly trait: TraitId }
  | { readonly kind: "member_of"; readonly anyOf: readonly (readonly Uuid[])[] }
  | { readonly kind: "not_member_of"; readonly aggregates: readonly Uuid[] }
  | { readonly kind: "in_tree"; readonly provider: Uuid }
  /** A group without resources must require a trait or an aggregate. */
  | { readonly kind: "anything" };

export interface Check {
  readonly condition: Condition;
  /** If set, the condition does not filter the providers of other classes. */
  readonly onlyClass?: ClassId;
  /** Checks a provider at a root; `foreign` if it is of another tree. */
  passes?(row: number, root: number, foreign: boolean): boolean;
  /** Checks all remaining providers at a root. */
  together?(rows: readonly number[]): boolean;
}

/** In the order in which an explanation lists them. */
export function checksOf(snapshot: Snapshot, group: RequestGroup): Check[] {
  return [
    ...resourceChecks(snapshot, group),
    ...traitChecks(snapshot, group),
    ...placeChecks(snapshot, group),
  ];
}

function resourceChecks(
  snapshot: Snapshot,
  { resources, traits, aggregates }: RequestGroup,
): Check[] {
  if (resources.size === 0) {
    const wanted = traits.anyOf.length + aggregates.anyOf.length > 0;
    return wanted ? [] : [{ condition: { kind: "anything" }, passes: () => false }];
  }
  const { minUnit, maxUnit, stepSize, free } = snapshot.columns;
  return [...resources].flatMap(([id, amount]): Check[] => {
    const at = (test: (slot: number) => boolean) => (row: number) => {
      const slot = snapshot.slotOf(row, id);
      return slot !== NONE && test(slot);
    };
    const isUnit = (slot: number) =>
      amount >= (minUnit[slot] ?? 0) &&
      amount <= (maxUnit[slot] ?? 0) &&
      amount % (stepSize[slot] ?? 1) === 0;
    const check = (kind: "inventory" | "units" | "capacity", test: (slot: number) => boolean) => ({
      condition: { kind, id, amount },
      onlyClass: id,
      passes: at(test),
    });
    return [
      check("inventory", () => true),
      check("units", isUnit),
      check("capacity", (slot) => amount <= (free[slot] ?? 0)),
    ];
  });
}

function traitChecks(snapshot: Snapshot, { suffix, traits }: RequestGroup): Check[] {
  const required = traits.anyOf.map((anyOf): Check => {
    const condition: Condition = { kind: "required", anyOf };
    const has = hasTraits(snapshot, { anyOf: [anyOf], forbidden: [] });
    // The providers of the unsuffixed group have the required traits among them.
    if (suffix === UNSUFFIXED) return { condition, together: (rows) => rows.some(has) };
    return { condition, passes: has };
  });
  const forbidden = traits.forbidden.map(
    (trait): Check => ({
      condition: { kind: "forbidden", trait },
      passes: hasTraits(snapshot, { anyOf: [], forbidden: [trait] }),
    }),
  );
  return [...forbidden, ...required];
}

function placeChecks(
  snapshot: Snapshot,
  { suffix, resources, aggregates, inTree }: RequestGroup,
): Check[] {
  const { anyOf, forbidden } = aggregates;
  const isIn = inAggregates(snapshot, { anyOf, forbidden: [] });
  const isOut = inAggregates(snapshot, { anyOf: [], forbidden });
  const unsuffixed = suffix === UNSUFFIXED;
  const checks: Check[] = [];
  if (anyOf.length > 0) {
    checks.push({
      condition: { kind: "member_of", anyOf },
      passes: (row, root, foreign) => isIn(row) || (unsuffixed && !foreign && isIn(root)),
    });
  }
  if (forbidden.length > 0) {
    checks.push({
      condition: { kind: "not_member_of", aggregates: forbidden },
      passes: (row, root) => isOut(row) && (!unsuffixed || isOut(root)),
    });
  }
  if (inTree !== undefined && resources.size > 0) {
    const tree = treeOf(snapshot, inTree);
    checks.push({
      condition: { kind: "in_tree", provider: inTree },
      passes: (row, root) =>
        tree !== NONE && snapshot.rootOf(row) === tree && (!unsuffixed || root === tree),
    });
  }
  return checks;
}
