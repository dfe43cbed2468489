/** Numbers that a uuid draws, so that callers search providers in orders of their own. */
import type { Random } from "../clock.ts";
import { hashOf } from "../fnv.ts";
import type { Uuid } from "../uuid.ts";

/**
 * The same numbers for the same arguments, unlike those of another uuid or turn: uuids may differ
 * in one digit. Not for secrets.
 * @param turn from 0
 *
 * Source: mulberry32, Tommy Ettinger (public domain).
 */
export function drawnFrom(uuid: Uuid, turn: number): Pick<Random, "fraction"> {
  let state = hashOf(`${turn} ${uuid}`);
  return {
    fraction() {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}
