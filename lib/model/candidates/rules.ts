/**
 * The rules that tie the slots of a candidate together, each as a state that follows
 * the choices of a search. Slots are numbered in the order in which they are chosen.
 */

export interface Rule {
  /**
   * Whether `row` may be chosen for `slot` after the slots before `depth` were. Exact
   * for the slot at `depth`; for later ones it may still say yes to what will fail.
   */
  allows(slot: number, row: number, depth: number): boolean;
  /** The slot at `depth` takes `row`. */
  choose(depth: number, row: number): void;
  /** Takes the last choice back. */
  undo(depth: number, row: number): void;
  /**
   * Whether the slots from `depth` on can still be chosen, as far as the rule can tell.
   * @param options by slot, from `depth` on; each is allowed by itself, and there is one at least
   */
  canFinish?(depth: number, options: readonly (readonly number[])[]): boolean;
}
