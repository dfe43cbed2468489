/** Reproducible randomness: the seed of every random test is printed. */
import type { Uuid } from "../../lib/model/uuid.ts";
import { uuidOf } from "./uuids.ts";

export interface Chance {
  readonly seed: number;
  /** A number from 0 (included) to 1 (excluded). */
  fraction(): number;
  /** An integer from 0 to `bound - 1`. */
  below(bound: number): number;
  /** One of `choices`. */
  pick<T>(choices: readonly T[]): T;
  uuid(): Uuid;
}

/** The seed is TEST_SEED, if it is set, or a new one. */
export function chance(
  what: string,
  seed: number = Number(process.env["TEST_SEED"] ?? Math.floor(Math.random() * 2 ** 31)),
): Chance {
  console.log(`${what}: TEST_SEED=${seed}`);
  return seeded(seed);
}

/** The same numbers for the same seed, always. */
export function seeded(seed: number): Chance {
  const fraction = mulberry32(seed);
  const below = (bound: number) => Math.floor(fraction() * bound);
  return {
    seed,
    fraction,
    below,
    pick: <T>(choices: readonly T[]) => choices[below(choices.length)] as T,
    uuid: () => {
      const hex = Array.from({ length: 32 }, () => below(16).toString(16)).join("");
      return uuidOf(hex);
    },
  };
}

/** Source: Tommy Ettinger, "Mulberry32", public domain. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
