/**
 * Explains the result of a request: how many providers, and how many trees, each condition
 * leaves, and which condition removes the last.
 */
import type { Snapshot } from "../snapshot/snapshot.ts";
import { Budget } from "./budget.ts";
import { explainGroup, type GroupExplanation, reachOf } from "./explain-group.ts";
import { hasTraits } from "./filters.ts";
import type { CandidateQuery } from "./query.ts";
import { searchCandidates } from "./search.ts";

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
  /** Whether a candidate remains; undefined if the budget was exhausted first. */
  readonly satisfied: boolean | undefined;
  /** Number of remaining roots, for the conditions that count them. */
  readonly trees?: number;
}

export interface Explanation {
  readonly groups: readonly GroupExplanation[];
  /** Without conditions that the request does not have. */
  readonly joint: readonly JointStep[];
  readonly removedBy: JointCondition | undefined;
  /** Whether the budget was exhausted. */
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
      budget,
    ),
    ...searchSteps(snapshot, query, options.maxWork),
  ];
  const cut = joint.findIndex(({ satisfied }) => satisfied !== true);
  const shown = cut < 0 ? joint : joint.slice(0, cut + 1);
  return {
    groups: explained.map(({ group }) => group),
    joint: shown,
    removedBy: shown.find(({ satisfied }) => satisfied === false)?.condition,
    exhausted: budget.exhausted || shown.some(({ satisfied }) => satisfied === undefined),
  };
}

function treeSteps(
  snapshot: Snapshot,
  { rootRequired }: CandidateQuery,
  left: readonly ReadonlySet<number>[],
  budget: Budget,
): JointStep[] {
  const [first = new Set<number>(), ...others] = left;
  const common = [...first].filter((root) => others.every((roots) => roots.has(root)));
  const steps: JointStep[] = [treeStep("one_tree", common.length, budget)];
  const { required, forbidden } = rootRequired;
  if (required.length + forbidden.length > 0) {
    const passes = hasTraits(snapshot, { anyOf: required.map((id) => [id]), forbidden });
    steps.push(treeStep("root_required", common.filter(passes).length, budget));
  }
  return steps;
}

function treeStep(condition: JointCondition, trees: number, budget: Budget): JointStep {
  const none = budget.exhausted ? undefined : false;
  return { condition, satisfied: trees > 0 || none, trees };
}

/** Adds the rules one after the other, and searches each time for a remaining candidate. */
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
    const satisfied = candidates.length > 0 || (exhausted ? undefined : false);
    steps.push({ condition, satisfied });
    if (satisfied !== true) break;
  }
  return steps;
}
