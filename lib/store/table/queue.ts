/** Those who wait for something of this process, at most until their deadlines. */
import { Busy } from "./refusals.ts";
import type { RetryContext } from "./retry.ts";

export class Queue<T> {
  /** In the order in which they began to wait. */
  readonly #waiting = new Set<(given: T) => void>();

  /** @throws Busy at the deadline */
  wait({ clock, deadline }: Pick<RetryContext, "clock" | "deadline">): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = clock.after(Math.max(0, deadline - clock.now()), () => {
        this.#waiting.delete(receive);
        reject(new Busy());
      });
      const receive = (given: T) => {
        this.#waiting.delete(receive);
        cancel();
        resolve(given);
      };
      this.#waiting.add(receive);
    });
  }

  /** To who has waited longest. Whether anybody has waited. */
  give(given: T): boolean {
    for (const receive of this.#waiting) {
      receive(given);
      return true;
    }
    return false;
  }

  /** To all. */
  giveAll(given: T): void {
    for (const receive of this.#waiting) receive(given);
  }
}
