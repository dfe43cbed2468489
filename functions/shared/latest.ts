import type { Clock } from "../../lib/model/clock.ts";

/** For `Last-Modified`: the latest of `times`, or now if there is none. */
export function latest(times: readonly number[], clock: Clock): number {
  return times.length === 0 ? clock.now() : times.reduce((a, b) => Math.max(a, b));
}
