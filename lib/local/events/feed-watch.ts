/** Requests of the local server that wait for events: the feeder wakes them. */
import { type FeedWatch, LOOK_AGAIN } from "../../api/feed-watch.ts";
import type { Clock } from "../../model/clock.ts";
import { TooManyWaiting } from "../../model/refusals/events.ts";
import type { Notes } from "../../store/table/notes.ts";
import { timeOfNumber } from "../../store/table/rising-numbers.ts";

export interface WatchOptions {
  readonly clock: Clock;
  /** Requests that may wait at once. */
  readonly limit: number;
  /** What changes of this process have left for its feeder. */
  readonly notes?: Notes | undefined;
}

export class LocalFeedWatch implements FeedWatch {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #notes: Notes | undefined;
  readonly #sleeping = new Set<() => void>();
  #waiting = 0;
  #ended = false;

  constructor({ clock, limit, notes }: WatchOptions) {
    this.#clock = clock;
    this.#limit = limit;
    this.#notes = notes;
  }

  get ended(): boolean {
    return this.#ended;
  }

  enter(): () => void {
    if (this.#waiting >= this.#limit) throw new TooManyWaiting(this.#limit);
    this.#waiting += 1;
    return () => {
      this.#waiting -= 1;
    };
  }

  /** Looks again as well: on a table that others feed, nobody gives a signal. */
  async next(milliseconds: number): Promise<void> {
    if (this.#ended) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        cancel();
        this.#sleeping.delete(wake);
        resolve();
      };
      const cancel = this.#clock.after(Math.min(milliseconds, LOOK_AGAIN), wake);
      this.#sleeping.add(wake);
    });
  }

  waitingSince(): number | undefined {
    const first = this.#notes?.first();
    return first === undefined ? undefined : timeOfNumber(first);
  }

  /** Something was appended. */
  appended(): void {
    for (const wake of [...this.#sleeping]) wake();
  }

  /** Lets all of them answer now. */
  end(): void {
    this.#ended = true;
    this.appended();
  }
}
