/**
 * At least one provider does not share: a candidate of sharing providers alone is equal to
 * one of another root with the same sharing providers, and is found there.
 */
import type { Rule } from "./rules.ts";

export class OwnershipRule implements Rule {
  readonly #isSharing: (row: number) => boolean;
  /** The last slot that could take a provider that does not share. */
  readonly #last: number;
  #own = 0;

  /** @param options by slot, in the order of their choice */
  constructor(isSharing: (row: number) => boolean, options: readonly (readonly number[])[]) {
    this.#isSharing = isSharing;
    this.#last = options.findLastIndex((rows) => rows.some((row) => !isSharing(row)));
  }

  allows(slot: number, row: number, depth: number): boolean {
    return this.#own > 0 || slot !== depth || depth < this.#last || !this.#isSharing(row);
  }

  choose(_depth: number, row: number): void {
    if (!this.#isSharing(row)) this.#own += 1;
  }

  undo(_depth: number, row: number): void {
    if (!this.#isSharing(row)) this.#own -= 1;
  }
}
