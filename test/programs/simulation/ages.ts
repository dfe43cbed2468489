/**
 * When consumers were last changed. A function stamps a change by its own clock, some time between the
 * question and the commit; so the time is known as an interval.
 */
import type { Consumer, Ends, World } from "./world.ts";

/** Times in milliseconds since the simulation began, by a perfect clock. */
interface Moment {
  readonly asked: number;
  readonly committed: number;
  /** Milliseconds by which the clock of the function is ahead. */
  readonly skew: number;
}

export class Ages {
  /** A consumer that changes is another object. */
  readonly #changed = new WeakMap<Consumer, Ends>();

  note(before: World, after: World, { asked, committed, skew }: Moment): void {
    for (const [uuid, consumer] of after.consumers) {
      if (before.consumers.get(uuid) === consumer) continue;
      // Clocks have whole milliseconds.
      this.#changed.set(consumer, {
        earliest: asked + skew - 1,
        latest: committed + skew + 1,
      });
    }
  }

  of(consumer: Consumer): Ends {
    const found = this.#changed.get(consumer);
    if (found === undefined) throw new Error("nobody noted when the consumer was changed");
    return found;
  }
}
