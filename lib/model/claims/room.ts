/** What is left of a snapshot's free capacity while a request chooses several candidates. */
import type { Candidate } from "../candidates/candidate.ts";
import { NONE } from "../snapshot/columns.ts";
import { Snapshot } from "../snapshot/snapshot.ts";

export class Room {
  /** The snapshot less what was taken: its free capacity falls, so that no search may outlive a `take`. */
  readonly snapshot: Snapshot;
  readonly #free: Float64Array;

  constructor(whole: Snapshot) {
    this.#free = whole.columns.free.slice();
    const columns = { ...whole.columns, free: this.#free };
    this.snapshot = new Snapshot(whole.interned, columns, whole.size, whole);
  }

  take({ allocations }: Candidate): void {
    for (const [provider, amounts] of allocations) {
      const row = this.snapshot.rowOf(provider);
      for (const [id, amount] of amounts) {
        const slot = this.snapshot.slotOf(row, id);
        if (slot !== NONE) this.#free[slot] = (this.#free[slot] ?? 0) - amount;
      }
    }
  }
}
