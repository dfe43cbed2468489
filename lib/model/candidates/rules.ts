/**
 * The rules on several slots together, each as a state that follows the choices of a search.
 * Slots are numbered in the order of their choice.
 */

export interface Rule {
  /**
   * Whether `row` may be chosen for `slot` after the slots before `depth`. Exact for the slot
   * at `depth`; for later slots it may allow a row that fails later.
   */
  allows(slot: number, row: number, depth: number): boolean;
  /** The slot at `depth` takes `row`. */
  choose(depth: number, row: number): void;
  /** Undoes the last choice. */
  undo(depth: number, row: number): void;
  /**
   * Whether the slots from `depth` on can still be chosen, as far as the rule can decide.
   * @param options by slot, from `depth` on; at least one each, each allowed by itself
   */
  canFinish?(depth: number, options: readonly (readonly number[])[]): boolean;
}
