/** The candidates at one anchor, one after the other. */
import type { Anchor } from "./anchor.ts";
import { Assignments } from "./assignments.ts";
import type { Budget } from "./budget.ts";
import { CapacityRule } from "./capacity-rule.ts";
import { CoverRule } from "./cover-rule.ts";
import { IsolationRule } from "./isolation-rule.ts";
import { OnePerTreeRule } from "./one-per-tree-rule.ts";
import { OwnershipRule } from "./ownership-rule.ts";
import type { Plan } from "./plan.ts";
import type { Rule } from "./rules.ts";
import { SubtreeRule } from "./subtree-rule.ts";

export class RootSearch {
  /** The query's number of each slot, in the order of their choice. */
  readonly #order: readonly number[];
  readonly #assignments: Assignments;

  /** @param mustOwn leaves out candidates of sharing providers alone */
  constructor(plan: Plan, { options }: Anchor, mustOwn: boolean, budget: Budget) {
    const sizeOf = (slot: number) => options[slot]?.length ?? 0;
    // The fewest options first: what cannot be finished shows early.
    this.#order = options.map((_, slot) => slot).sort((a, b) => sizeOf(a) - sizeOf(b));
    const ordered = this.#order.map((slot) => options[slot] ?? []);
    const rules = rulesFor(plan, this.#order, ordered, mustOwn);
    this.#assignments = new Assignments(ordered, rules, budget);
  }

  /** The next assignment, by the query's slots; undefined at the end. */
  next(): number[] | undefined {
    const chosen = this.#assignments.next();
    if (chosen === undefined) return undefined;
    const rows = new Array<number>(chosen.length);
    for (const [depth, slot] of this.#order.entries()) rows[slot] = chosen[depth] ?? 0;
    return rows;
  }
}

function rulesFor(
  plan: Plan,
  order: readonly number[],
  options: readonly (readonly number[])[],
  mustOwn: boolean,
): Rule[] {
  const { snapshot } = plan;
  const slots = order.flatMap((slot) => plan.slots[slot] ?? []);
  const capacity = new CapacityRule(plan, slots);
  const rules: Rule[] = capacity.binds ? [capacity] : [];
  if (plan.isolate) rules.push(new IsolationRule(slots));
  if (!plan.query.nested) rules.push(new OnePerTreeRule(snapshot));
  for (const cover of plan.covers) rules.push(new CoverRule(slots, options, cover));
  for (const members of plan.sameSubtrees) {
    const depths = members.map((slot) => order.indexOf(slot));
    rules.push(new SubtreeRule(snapshot, depths, options));
  }
  if (mustOwn) {
    rules.push(new OwnershipRule((row) => snapshot.sharing.isSharing(row), options));
  }
  return rules;
}
