/** All amounts that the slots take of a class from one provider must fit together. */
import { NONE } from "../snapshot/columns.ts";
import type { Budget } from "./budget.ts";
import { canSpread } from "./matching.ts";
import type { SearchPlan } from "./plan.ts";
import type { Rule } from "./rules.ts";
import type { Slot } from "./slots.ts";

export class CapacityRule implements Rule {
  readonly #plan: SearchPlan;
  readonly #budget: Budget;
  readonly #slots: readonly Slot[];
  /**
   * By class and row, the amount that may still be taken: capacity and max_unit both bound
   * the sum.
   */
  readonly #left: readonly Map<number, number>[];

  /** @param slots in the order of their choice */
  constructor(plan: SearchPlan, slots: readonly Slot[], budget: Budget) {
    this.#plan = plan;
    this.#budget = budget;
    this.#slots = slots;
    this.#left = plan.classes.map(() => new Map());
  }

  allows(slot: number, row: number): boolean {
    for (const { index, amount } of this.#slots[slot]?.needs ?? []) {
      if (amount > this.#leftOf(index, row)) return false;
    }
    return true;
  }

  choose(depth: number, row: number): void {
    this.#take(depth, row, 1);
  }

  undo(depth: number, row: number): void {
    this.#take(depth, row, -1);
  }

  canFinish(depth: number, options: readonly (readonly number[])[]): boolean {
    return this.#plan.contested.every((index) => {
      const asking: (readonly number[])[] = [];
      const amounts: number[] = [];
      for (let slot = depth; slot < this.#slots.length; slot += 1) {
        const need = this.#slots[slot]?.needs.find((each) => each.index === index);
        if (need === undefined) continue;
        amounts.push(need.amount);
        asking.push(options[slot] ?? []);
      }
      if (asking.length < 2) return true;
      amounts.sort((a, b) => a - b);
      const room = (row: number) => countWithin(amounts, this.#leftOf(index, row));
      return canSpread(asking, room, this.#budget);
    });
  }

  #take(depth: number, row: number, sign: number): void {
    for (const { index, amount } of this.#slots[depth]?.needs ?? []) {
      this.#left[index]?.set(row, this.#leftOf(index, row) - sign * amount);
    }
  }

  #leftOf(index: number, row: number): number {
    const known = this.#left[index]?.get(row);
    if (known !== undefined) return known;
    const { snapshot, classes } = this.#plan;
    const slot = snapshot.slotOf(row, classes[index] ?? NONE);
    const { free, maxUnit } = snapshot.columns;
    const left = slot === NONE ? 0 : Math.min(free[slot] ?? 0, maxUnit[slot] ?? 0);
    this.#left[index]?.set(row, left);
    return left;
  }
}

/** How many of `amounts`, the smallest first, fit into the free capacity `room` together. */
function countWithin(amounts: readonly number[], room: number): number {
  let sum = 0;
  let count = 0;
  for (const amount of amounts) {
    sum += amount;
    if (sum > room) break;
    count += 1;
  }
  return count;
}
