/** The candidates at one anchor, one after the other. */
import type { Anchor } from "./anchor.ts";
import { Assignments } from "./assignments.ts";
import type { Budget } from "./budget.ts";
import { CapacityRule } from "./capacity-rule.ts";
import { CoverRule, coverage } from "./cover-rule.ts";
import { IsolationRule } from "./isolation-rule.ts";
import { OnePerTreeRule } from "./one-per-tree-rule.ts";
import { OwnershipRule } from "./ownership-rule.ts";
import type { SearchPlan } from "./plan.ts";
import type { Rule } from "./rules.ts";
import { SubtreeRule } from "./subtree-rule.ts";

export class RootSearch {
  /** By depth, the query's number of the slot. */
  readonly #order: readonly number[];
  readonly #assignments: Assignments;

  constructor(order: readonly number[], assignments: Assignments) {
    this.#order = order;
    this.#assignments = assignments;
  }

  /** The next assignment, by the query's slots; undefined at the end. */
  next(): number[] | undefined {
    const chosen = this.#assignments.next();
    if (chosen === undefined) return undefined;
    const rows = new Array<number>(chosen.length);
    for (let depth = 0; depth < chosen.length; depth += 1) {
      rows[this.#order[depth] ?? 0] = chosen[depth] ?? 0;
    }
    return rows;
  }
}

/**
 * @param mustOwn omits candidates of sharing providers alone
 * @returns undefined if a quick check shows that there are none
 */
export function searchAt(
  plan: SearchPlan,
  { options }: Anchor,
  mustOwn: boolean,
  budget: Budget,
): RootSearch | undefined {
  const covers = plan.covers.filter((cover) => coverage(plan.slots, options, cover) !== "always");
  if (covers.some((cover) => coverage(plan.slots, options, cover) === "never")) return undefined;
  if (plan.isolate && !areEnough(plan, options)) return undefined;
  const sizeOf = (slot: number) => options[slot]?.length ?? 0;
  // Slots with the fewest options first: dead ends then appear early.
  const order = options.map((_, slot) => slot).sort((a, b) => sizeOf(a) - sizeOf(b));
  const ordered = order.map((slot) => options[slot] ?? []);
  const rules = rulesFor({ ...plan, covers }, order, ordered, mustOwn, budget);
  return new RootSearch(order, new Assignments(ordered, rules, budget));
}

/** Whether the suffixed groups have enough providers to be isolated. */
function areEnough({ slots }: SearchPlan, options: readonly (readonly number[])[]): boolean {
  const found: number[] = [];
  let wanted = 0;
  for (const [slot, { suffixed }] of slots.entries()) {
    if (!suffixed) continue;
    wanted += 1;
    for (const row of options[slot] ?? []) {
      if (!found.includes(row)) found.push(row);
      // More need not be counted.
      if (found.length >= slots.length) return true;
    }
  }
  return found.length >= wanted;
}

function rulesFor(
  plan: SearchPlan,
  order: readonly number[],
  options: readonly (readonly number[])[],
  mustOwn: boolean,
  budget: Budget,
): Rule[] {
  const { snapshot } = plan;
  const slots = order.flatMap((slot) => plan.slots[slot] ?? []);
  const rules: Rule[] = [];
  if (plan.contested.length > 0) rules.push(new CapacityRule(plan, slots, budget));
  if (plan.isolate) rules.push(new IsolationRule(slots, budget));
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
