/**
 * The tries of one claim by query. All have the operation id of the request, so that no two of
 * them are applied, and each a time of its own, so that a stored item tells which one was: a try
 * whose answer was lost may be applied while the next one is under way.
 */
import type { WriteStamp } from "../../model/claim.ts";
import type { Consumer } from "../../model/consumer.ts";
import type { Uuid } from "../../model/uuid.ts";
import { stampOf } from "../consumers/stamp.ts";
import type { Store } from "../store.ts";

export interface Try<T> {
  readonly stamp: WriteStamp;
  readonly providers: readonly Uuid[];
  readonly result: T;
}

export class ClaimTries<T> {
  readonly #store: Store;
  readonly #operation: string;
  readonly #tries: Try<T>[] = [];
  #last = Number.NEGATIVE_INFINITY;

  constructor(store: Store) {
    this.#store = store;
    this.#operation = stampOf(store).writeId;
  }

  /** From 1, of the try that is planned next. */
  get number(): number {
    return this.#tries.length + 1;
  }

  /** For the try that is planned next. */
  nextStamp(): WriteStamp {
    // Also on a clock that stands still or was set back.
    this.#last = Math.max(this.#store.clock.now(), this.#last + 1);
    return { writeId: this.#operation, now: this.#last };
  }

  add(made: Try<T>): void {
    this.#tries.push(made);
  }

  /** The providers of all tries, each once. */
  providers(): Uuid[] {
    return [...new Set(this.#tries.flatMap(({ providers }) => providers))];
  }

  /** The try that left the consumer as it is; undefined if none did. */
  thatWrote({ writeId, updated }: Consumer): Try<T> | undefined {
    if (writeId !== this.#operation) return undefined;
    return this.#tries.find(({ stamp }) => stamp.now === updated);
  }
}
