/** group_policy=isolate: no two suffixed groups take the same provider. */
import type { Budget } from "./budget.ts";
import { canSpread } from "./matching.ts";
import type { Rule } from "./rules.ts";
import type { Slot } from "./slots.ts";

export class IsolationRule implements Rule {
  readonly #budget: Budget;
  readonly #slots: readonly Slot[];
  readonly #taken = new Set<number>();

  /** @param slots in the order of their choice */
  constructor(slots: readonly Slot[], budget: Budget) {
    this.#slots = slots;
    this.#budget = budget;
  }

  allows(slot: number, row: number): boolean {
    return !this.#isSuffixed(slot) || !this.#taken.has(row);
  }

  choose(depth: number, row: number): void {
    if (this.#isSuffixed(depth)) this.#taken.add(row);
  }

  undo(depth: number, row: number): void {
    if (this.#isSuffixed(depth)) this.#taken.delete(row);
  }

  canFinish(depth: number, options: readonly (readonly number[])[]): boolean {
    const suffixed: (readonly number[])[] = [];
    for (let slot = depth; slot < this.#slots.length; slot += 1) {
      if (this.#isSuffixed(slot)) suffixed.push(options[slot] ?? []);
    }
    return suffixed.length < 2 || canSpread(suffixed, () => 1, this.#budget);
  }

  #isSuffixed(slot: number): boolean {
    return this.#slots[slot]?.suffixed === true;
  }
}
