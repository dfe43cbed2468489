/**
 * Enumerates the assignments of one provider to each slot at an anchor: a depth-first search
 * with look-ahead, which avoids most dead ends; all of them with group_policy=isolate and no
 * other rule.
 */
import type { Budget } from "./budget.ts";
import type { Rule } from "./rules.ts";

/** The search steps that a choice and its possible candidate count as. */
const CHOICE = 8;

export class Assignments {
  readonly #options: readonly (readonly number[])[];
  readonly #rules: readonly Rule[];
  readonly #budget: Budget;
  /** By depth: the untried rows, and the row that is being tried. */
  readonly #untried: { readonly rows: readonly number[]; next: number }[] = [];
  readonly #chosen: number[] = [];

  /** @param options by slot, in the order of their choice */
  constructor(options: readonly (readonly number[])[], rules: readonly Rule[], budget: Budget) {
    this.#options = options;
    this.#rules = rules;
    this.#budget = budget;
    const first = this.#lookAhead(0);
    if (first !== undefined) this.#untried.push({ rows: first, next: 0 });
  }

  /**
   * The next assignment by slot, valid until the next call; undefined at the end, or when the
   * budget is exhausted.
   */
  next(): readonly number[] | undefined {
    if (this.#chosen.length === this.#options.length) this.#undo();
    while (this.#untried.length > 0 && !this.#budget.exhausted) {
      const level = this.#untried.at(-1);
      const row = level?.rows[level.next];
      if (level === undefined || row === undefined) {
        this.#untried.pop();
        if (this.#chosen.length > 0) this.#undo();
        continue;
      }
      level.next += 1;
      this.#budget.spend(CHOICE);
      this.#choose(row);
      const depth = this.#chosen.length;
      if (depth === this.#options.length) return this.#chosen;
      const rows = this.#lookAhead(depth);
      if (rows === undefined) this.#undo();
      else this.#untried.push({ rows, next: 0 });
    }
    if (this.#untried.length > 0) this.#budget.cut();
    return undefined;
  }

  /** The rows that the slot at `depth` may take; undefined if it or a later slot has none. */
  #lookAhead(depth: number): readonly number[] | undefined {
    if (this.#rules.length === 0) return this.#options[depth];
    const allowed: (readonly number[])[] = [];
    for (let slot = depth; slot < this.#options.length; slot += 1) {
      const rows = this.#options[slot] ?? [];
      this.#budget.spend(rows.length);
      const passing = rows.filter((row) =>
        this.#rules.every((rule) => rule.allows(slot, row, depth)),
      );
      if (passing.length === 0) return undefined;
      allowed[slot] = passing;
    }
    const finishable = this.#rules.every((rule) => rule.canFinish?.(depth, allowed) ?? true);
    return finishable ? allowed[depth] : undefined;
  }

  #choose(row: number): void {
    const depth = this.#chosen.length;
    for (const rule of this.#rules) rule.choose(depth, row);
    this.#chosen.push(row);
  }

  #undo(): void {
    const row = this.#chosen.pop() ?? 0;
    for (const rule of this.#rules) rule.undo(this.#chosen.length, row);
  }
}
