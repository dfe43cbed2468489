/** The clock of the machine: what every runtime uses outside tests. */
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../model/clock.ts";

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds) => {
    await wait(milliseconds);
  },
  after: (milliseconds, act) => {
    const timer = setTimeout(act, milliseconds);
    return () => clearTimeout(timer);
  },
};
