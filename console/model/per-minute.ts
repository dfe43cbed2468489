/** How much happened in each of the last minutes. */
import type { Happening } from "./happening.ts";

export interface Counts {
  /** Begins of the minutes, in seconds since 1970. */
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/** @param now milliseconds since 1970 */
export function perMinute(events: readonly Happening[], now: number, minutes: number): Counts {
  const last = Math.floor(now / 60_000);
  const times = Array.from({ length: minutes }, (_, index) => (last - minutes + 1 + index) * 60);
  const values = times.map(() => 0);
  for (const { time } of events) {
    const index = Math.floor(Date.parse(time) / 60_000) - last + minutes - 1;
    const count = values[index];
    if (count !== undefined) values[index] = count + 1;
  }
  return { times, values };
}
