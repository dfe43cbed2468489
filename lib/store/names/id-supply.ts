/**
 * Ids of custom names that a function has taken from the table and not given out yet. Taken one by
 * one, each creation would refuse all others that run at the same time.
 */

/** Ids that a creation takes together. Those that a function never gives out are lost. */
export const TAKEN = 32;

export class IdSupply {
  #next = 0;
  #end = 0;

  /** Undefined: there is none left. */
  take(): number | undefined {
    if (this.#next === this.#end) return undefined;
    const id = this.#next;
    this.#next += 1;
    return id;
  }

  /** The ids from `first` on, below `end`, belong to this function now; what it still had is lost. */
  fill(first: number, end: number): void {
    this.#next = first;
    this.#end = end;
  }
}

/** For `Store.shared`. */
export const makeIdSupply = (): IdSupply => new IdSupply();
