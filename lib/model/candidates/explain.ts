/**
 * Why a request finds what it finds: how many providers, and how many trees, each
 * condition leaves over, and which one removes the last.
 */
import { NONE } from "../snapshot/columns.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { ClassId } from "../standard-classes.ts";
import { Budget } from "./budget.ts";
import { type Check, type Condition, checksOf } from "./conditions.ts";
import { hasTraits } from "./filters.ts";
import { planOf } from "./plan.ts";
import { type CandidateQuery, type RequestGroup, UNSUFFIXED } from "./query.ts";
import { searchCandidates } from "./search.ts";

export interface Step {
  readonly condition: Condition;
  /** Providers that satisfy this condition and those before it, at a tree that is left. */
  readonly providers: number;
  /** Roots at which the group can still be satisfied. */
  readonly trees: number;
}

export interface GroupExplanation {
  readonly suffix: string;
  readonly steps: readonly Step[];
  /** The condition that removed the last tree. */
  readonly removedBy: Condition | undefined;
}

/** Conditions on all groups together, in the order in which they are added. */
export type JointCondition =
  | "one_tree"
  | "root_required"
  | "together"
  | "same_subtree"
  | "group_policy"
  | "one_provider_per_tree";

export interface JointStep {
  readonly condition: JointCondition;
  /** Whether a candidate is left; undefined if the ceiling on work came first. */
  readonly satisfied: boolean | undefined;
  /** Roots that are left, where they are counted. */
  readonly trees?: number;
}

export interface Explanation {
  readonly groups: readonly GroupExplanation[];
  /** Without those that the request does not make. */
  readonly joint: readonly JointStep[];
  readonly removedBy: JointCondition | undefined;
  /** Whether the ceiling on work ended it. */
  readonly exhausted: boolean;
}

export function explain(
  snapshot: Snapshot,
  query: CandidateQuery,
  options: { readonly maxWork: number },
): Explanation {
  const budget = new Budget(options.maxWork);
  const reaches = reachOf(snapshot, query, budget);
  const explained = query.groups.map((group) => explainGroup(snapshot, group, reaches, budget));
  const joint = [
    ...treeSteps(
      snapshot,
      query,
      explained.map(({ left }) => left),
    ),
    ...searchSteps(snapshot, query, options.maxWork),
  ];
  const cut = joint.findIndex(({ satisfied }) => satisfied !== true);
  const told = cut < 0 ? joint : joint.slice(0, cut + 1);
  return {
    groups: explained.map(({ group }) => group),
    joint: told,
    removedBy: told.find(({ satisfied }) => satisfied === false)?.condition,
    exhausted: budget.exhausted || told.some(({ satisfied }) => satisfied === undefined),
  };
}

/** The providers of each root: its own, and how many of them these are. */
interface Reach {
  readonly rows: readonly number[];
  readonly own: number;
}

function reachOf(snapshot: Snapshot, query: CandidateQuery, budget: Budget): Map<number, Reach> {
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

/** What is left of a group at a root: by class if it is the unsuffixed one. */
type Left = Map<number, readonly (readonly number[])[]>;

function explainGroup(
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
  const steps: Step[] = [];
  let removedBy: Condition | undefined;
  for (const check of checksOf(snapshot, group)) {
    const before = left.size;
    left = leftBy(check, classes, left, reaches, budget);
    const providers = new Set<number>();
    for (const lists of left.values())
      for (const rows of lists) for (const row of rows) providers.add(row);
    steps.push({ condition: check.condition, providers: providers.size, trees: left.size });
    if (before > 0 && left.size === 0) removedBy = check.condition;
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

function treeSteps(
  snapshot: Snapshot,
  { rootRequired }: CandidateQuery,
  left: readonly ReadonlySet<number>[],
): JointStep[] {
  const [first = new Set<number>(), ...others] = left;
  const common = [...first].filter((root) => others.every((roots) => roots.has(root)));
  const steps: JointStep[] = [step("one_tree", common.length)];
  const { required, forbidden } = rootRequired;
  if (required.length + forbidden.length > 0) {
    const passes = hasTraits(snapshot, { anyOf: required.map((id) => [id]), forbidden });
    steps.push(step("root_required", common.filter(passes).length));
  }
  return steps;
}

function step(condition: JointCondition, trees: number): JointStep {
  return { condition, satisfied: trees > 0, trees };
}

/** Adds one rule after the other, and looks each time whether a candidate is left. */
function searchSteps(snapshot: Snapshot, query: CandidateQuery, maxWork: number): JointStep[] {
  const bare: CandidateQuery = {
    ...query,
    sameSubtrees: [],
    groupPolicy: "none",
    nested: true,
    limit: 1,
  };
  const rules: [JointCondition, Partial<CandidateQuery>][] = [["together", {}]];
  if (query.sameSubtrees.length > 0)
    rules.push(["same_subtree", { sameSubtrees: query.sameSubtrees }]);
  if (query.groupPolicy === "isolate") rules.push(["group_policy", { groupPolicy: "isolate" }]);
  if (!query.nested) rules.push(["one_provider_per_tree", { nested: false }]);
  let asked = bare;
  const steps: JointStep[] = [];
  for (const [condition, rule] of rules) {
    asked = { ...asked, ...rule };
    const { candidates, exhausted } = searchCandidates(snapshot, asked, { maxWork });
    const satisfied = candidates.length > 0 ? true : exhausted ? undefined : false;
    steps.push({ condition, satisfied });
    if (satisfied !== true) break;
  }
  return steps;
}
