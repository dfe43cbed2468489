/** A clock whose sleeps end at once and advance its time. */
import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../lib/model/clock.ts";

export interface FastClock extends Clock {
  /** Milliseconds that were slept through or passed by hand. */
  readonly slept: number;
  /** Moves the time ahead. */
  pass(milliseconds: number): void;
  /** Timers that wait. They ring by hand only: slept time is no time in which a call is late. */
  readonly timers: number;
  /** Lets the time pass until the next timer, and rings it. */
  ring(): void;
}

export function fastClock(start: number = Date.now()): FastClock {
  let slept = 0;
  const timers = new Set<{ readonly at: number; act(): void }>();
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
    after: (milliseconds, act) => {
      const timer = { at: start + slept + milliseconds, act };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    get timers() {
      return timers.size;
    },
    ring: () => {
      const [next] = [...timers].sort((a, b) => a.at - b.at);
      if (next === undefined) throw new Error("no timer waits");
      timers.delete(next);
      slept = Math.max(slept, next.at - start);
      next.act();
    },
  };
}
