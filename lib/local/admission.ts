/**
 * How many requests the server holds: some run, some wait for their turn, and what
 * is beyond is refused at once, so that those it holds are answered in time.
 */
import { Refusal } from "../model/refusal.ts";
import type { Limits } from "./limits.ts";

export class Overloaded extends Refusal {
  constructor() {
    const detail =
      "The server has too many requests; nothing was written. Please send the request again.";
    super({ status: 503, detail, retryAfter: 1, vary: false });
  }
}

export type AdmissionLimits = Pick<Limits, "running" | "waiting" | "waitTimeout" | "heldBytes">;

/** A request that the server holds. */
export interface HeldRequest {
  /**
   * Counts so many bytes of its body in.
   * @throws Overloaded
   */
  hold(bytes: number): void;
  /** Ends it; whatever it held is free again. */
  leave(): void;
}

interface Waiting {
  go(): void;
}

export class Admission {
  readonly #limits: AdmissionLimits;
  /** Those that wait, in the order in which they came. */
  readonly #queue = new Set<Waiting>();
  #held = 0;
  #heldBytes = 0;
  #running = 0;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  /** @throws Overloaded, before anything of the body was read */
  enter(): HeldRequest {
    const { running, waiting } = this.#limits;
    if (this.#held >= running + waiting) throw new Overloaded();
    this.#held += 1;
    let own = 0;
    return {
      hold: (bytes) => {
        if (this.#heldBytes + bytes > this.#limits.heldBytes) throw new Overloaded();
        this.#heldBytes += bytes;
        own += bytes;
      },
      leave: () => {
        this.#held -= 1;
        this.#heldBytes -= own;
        own = 0;
      },
    };
  }

  /**
   * Does `work` in its turn.
   * @throws Overloaded if that does not come in time
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#turn();
    try {
      return await work();
    } finally {
      const [next] = this.#queue;
      // The turn is handed on: nobody who comes meanwhile takes it.
      if (next === undefined) this.#running -= 1;
      else next.go();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running < this.#limits.running) {
      this.#running += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const waiting: Waiting = {
        go: () => {
          clearTimeout(timer);
          this.#queue.delete(waiting);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.#queue.delete(waiting);
        reject(new Overloaded());
      }, this.#limits.waitTimeout);
      this.#queue.add(waiting);
    });
  }
}
