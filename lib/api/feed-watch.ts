/** How a request waits for events: by a signal where the same process appends them, else by looking again. */
import type { Clock } from "../model/clock.ts";

export interface FeedWatch {
  /**
   * Begins to wait.
   * @returns ends it
   * @throws TooManyWaiting
   */
  enter(): () => void;
  /** Resolves when something may have been appended, or after `milliseconds`. */
  next(milliseconds: number): Promise<void>;
  /** Whether nobody may wait any longer: the process is about to end. */
  readonly ended: boolean;
  /** Milliseconds since 1970: since when an event waits that only this process knows of; undefined: none does. */
  waitingSince?(): number | undefined;
}

/** Milliseconds after which one looks again. */
export const LOOK_AGAIN = 1_000;

/** Of a function, which has one request at a time: how many wait is what it may run at once. */
export function lookingAgain(clock: Clock): FeedWatch {
  return {
    enter: () => () => undefined,
    next: (milliseconds) => clock.sleep(Math.min(milliseconds, LOOK_AGAIN)),
    ended: false,
  };
}
