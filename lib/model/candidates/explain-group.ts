/** How many providers and trees each condition of one request group leaves. */
import { NONE } from "../snapshot/columns.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { ClassId } from "../standard-classes.ts";
import type { Budget } from "./budget.ts";
import { type Check, type Condition, checksOf } from "./conditions.ts";
import { planOf } from "./plan.ts";
import { type CandidateQuery, type RequestGroup, UNSUFFIXED } from "./query.ts";

export interface ConditionStep {
  readonly condition: Condition;
  /** Providers that satisfy this condition and those before it, in the remaining trees. */
  readonly providers: number;
  /** Roots at which the group can still be satisfied. */
  readonly trees: number;
}

export interface GroupExplanation {
  readonly suffix: string;
  readonly steps: readonly ConditionStep[];
  /** The condition that removed the last tree. */
  readonly removedBy: Condition | undefined;
}

/** The providers at a root: those of its tree first, and how many these are. */
export interface Reach {
  readonly rows: readonly number[];
  readonly own: number;
}

export function reachOf(
  snapshot: Snapshot,
  query: CandidateQuery,
  budget: Budget,
): Map<number, Reach> {
  const { anchors } = planOf(snapshot, query);
  const { next, roots } = snapshot.columns;
  const reaches = new Map<number, Reach>();
  for (const root of roots) {
    if (budget.exhausted) break;
    const rows: number[] = [];
    for (let row = root; row !== NONE; row = next[row] ?? NONE) rows.push(row);
    const own = rows.length;
    rows.push(...anchors.foreignAt(root, budget));
    budget.spend(rows.length);
    reaches.set(root, { rows, own });
  }
  return reaches;
}

/** The remaining providers of a group at a root: by class if it is the unsuffixed one. */
type Left = Map<number, readonly (readonly number[])[]>;

export function explainGroup(
  snapshot: Snapshot,
  group: RequestGroup,
  reaches: ReadonlyMap<number, Reach>,
  budget: Budget,
): { readonly group: GroupExplanation; readonly left: ReadonlySet<number> } {
  const classes = group.suffix === UNSUFFIXED ? [...group.resources.keys()] : [undefined];
  let left: Left = new Map();
  for (const [root, { rows }] of reaches)
    left.set(
      root,
      classes.map(() => rows),
    );
  const steps: ConditionStep[] = [];
  let removedBy: Condition | undefined;
  for (const check of checksOf(snapshot, group)) {
    const before = left.size;
    left = leftBy(check, classes, left, reaches, budget);
    const providers = new Set<number>();
    for (const lists of left.values())
      for (const rows of lists) for (const row of rows) providers.add(row);
    steps.push({ condition: check.condition, providers: providers.size, trees: left.size });
    if (before > 0 && left.size === 0 && !budget.exhausted) removedBy = check.condition;
  }
  return { group: { suffix: group.suffix, steps, removedBy }, left: new Set(left.keys()) };
}

function leftBy(
  { onlyClass, passes, together }: Check,
  classes: readonly (ClassId | undefined)[],
  left: Left,
  reaches: ReadonlyMap<number, Reach>,
  budget: Budget,
): Left {
  const after: Left = new Map();
  for (const [root, lists] of left) {
    if (budget.exhausted) break;
    const foreign = new Set(reaches.get(root)?.rows.slice(reaches.get(root)?.own));
    const kept = lists.map((rows, index) => {
      budget.spend(rows.length);
      const concerned =
        classes[index] === undefined || onlyClass === undefined || classes[index] === onlyClass;
      if (!concerned || passes === undefined) return rows;
      return rows.filter((row) => passes(row, root, foreign.has(row)));
    });
    if (kept.some((rows) => rows.length === 0)) continue;
    if (together === undefined || together(kept.flat())) after.set(root, kept);
  }
  return after;
}
