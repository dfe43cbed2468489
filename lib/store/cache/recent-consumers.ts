/**
 * Consumers that this process wrote last, so that their release needs no read: where one process
 * serves everything, as on the embedded engine. What others have changed since fails the conditions of what
 * was planned on it, and is read.
 */
import type { Consumer } from "../../model/consumer.ts";
import type { Uuid } from "../../model/uuid.ts";
import type { Shareable } from "./shared.ts";

/** About a megabyte and a half. */
const KEPT = 2_048;

export class RecentConsumers {
  /** From the oldest on. */
  readonly #consumers = new Map<Uuid, Consumer>();
  readonly #kept: number;

  constructor(kept: number) {
    this.#kept = kept;
  }

  /** @param after undefined: it has ended */
  written(uuid: Uuid, after: Consumer | undefined): void {
    this.#consumers.delete(uuid);
    if (after === undefined || this.#kept === 0) return;
    if (this.#consumers.size === this.#kept) {
      for (const oldest of this.#consumers.keys()) {
        this.#consumers.delete(oldest);
        break;
      }
    }
    this.#consumers.set(uuid, after);
  }

  /** It is given out once: whoever plans on it changes it, or learns that others have. */
  take(uuid: Uuid): Consumer | undefined {
    const known = this.#consumers.get(uuid);
    this.#consumers.delete(uuid);
    return known;
  }
}

/** For `Store.shared`. On DynamoDB each operation has a function of its own, which no other tells. */
export const makeRecentConsumers: Shareable<RecentConsumers> = ({ paysUnits }) =>
  new RecentConsumers(paysUnits ? 0 : KEPT);
