/** A clock that sleeps in no time: its own time jumps ahead instead. */
import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../lib/model/clock.ts";

export interface FastClock extends Clock {
  /** Milliseconds that were slept through or passed by hand. */
  readonly slept: number;
  /** Moves the time ahead. */
  pass(milliseconds: number): void;
}

export function fastClock(start: number = Date.now()): FastClock {
  let slept = 0;
  return {
    get slept() {
      return slept;
    },
    now: () => start + slept,
    sleep: async (milliseconds) => {
      slept += milliseconds;
      await setImmediate();
    },
    pass: (milliseconds) => {
      slept += milliseconds;
    },
  };
}
