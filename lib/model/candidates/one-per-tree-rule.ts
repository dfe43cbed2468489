/** Below 1.29: no two providers of one tree. */
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Rule } from "./rules.ts";

export class OnePerTreeRule implements Rule {
  readonly #snapshot: Snapshot;
  /** By root, the provider that is used and by how many slots. */
  readonly #used = new Map<number, { readonly row: number; readonly slots: number }>();

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  allows(_slot: number, row: number): boolean {
    return (this.#used.get(this.#snapshot.rootOf(row))?.row ?? row) === row;
  }

  choose(_depth: number, row: number): void {
    this.#count(row, 1);
  }

  undo(_depth: number, row: number): void {
    this.#count(row, -1);
  }

  #count(row: number, by: number): void {
    const root = this.#snapshot.rootOf(row);
    const slots = (this.#used.get(root)?.slots ?? 0) + by;
    if (slots === 0) this.#used.delete(root);
    else this.#used.set(root, { row, slots });
  }
}
