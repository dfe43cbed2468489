/**
 * At least one provider shares nothing: all other candidates are equal to those of
 * another root with the same sharing providers, where they are found.
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
