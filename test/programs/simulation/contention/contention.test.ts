/** The policy after conflicts, in the model of many writers on one provider. */
import { describe, expect, test } from "vitest";
import {
  afterConflict,
  fullJitter,
  type Policy,
  policyAfter,
} from "../../../../lib/store/table/retry.ts";
import { seeded } from "../../../support/chance.ts";
import { play, type Times } from "./model.ts";

const TIMES: Times = [5, 25];
/** Claims a second of transactions that follow one another without a gap. */
const CEILING = 1_000 / 15;
/** Write units a second that a partition takes: each try costs at least one. */
const PARTITION = 1_000;

const playWith = (policy: Policy, writers: number, seed: number) =>
  play({
    writers,
    claims: 2_000,
    times: TIMES,
    policy,
    fraction: seeded(seed).fraction,
    deadline: 24_000,
  });

const bothWith = (writers: number, seed: number) =>
  [playWith(afterConflict, writers, seed), playWith(fullJitter, writers, seed)] as const;

describe.each([1, 2, 3])("seed %d", (seed) => {
  test.each([
    [8, 0.68],
    [32, 0.79],
    [128, 0.89],
  ])("%d writers: none gives up, and the item is kept busy", (writers, share) => {
    const { rate, p99, tries, busy } = playWith(afterConflict, writers, seed);
    expect(busy).toBe(0);
    expect(rate).toBeGreaterThan(share * CEILING);
    expect(p99).toBeLessThan(10_000);
    expect(rate * tries).toBeLessThan(PARTITION);
  });

  test.each([8, 32, 128])("%d writers: more claims than with full jitter", (writers) => {
    const [chosen, other] = bothWith(writers, seed);
    expect(chosen.rate).toBeGreaterThan(other.rate);
  });

  // Of 8 writers, few are refused often enough to wait for long.
  test.each([32, 128])("%d writers: a much lower p99 than with full jitter", (writers) => {
    const [chosen, other] = bothWith(writers, seed);
    expect(chosen.p99).toBeLessThan(0.85 * other.p99);
  });
});

test("a single writer is never refused, and meets no delay", () => {
  const { tries, longest } = playWith(afterConflict, 1, 1);
  expect(tries).toBe(1);
  expect(longest).toBeLessThanOrEqual(25 + 2);
});

test("delays grow, then shrink again, and the tries end", () => {
  const ceilings = Array.from({ length: 300 }, (_, index) => afterConflict(index + 1, 1));
  expect(ceilings.slice(0, 3)).toEqual([30, 45, 67.5]);
  expect(Math.max(...ceilings.map((each) => each ?? 0))).toBe(1_000);
  expect(ceilings[11]).toBe(1_000);
  expect(ceilings[12]).toBe(500);
  expect(ceilings[298]).toBe(150);
  expect(ceilings[299]).toBeUndefined();
  expect(afterConflict(5, 0)).toBe(0);
});

test("only conflicts are retried by it", () => {
  expect(policyAfter("conflict")).toBe(afterConflict);
  for (const kind of ["throttled", "ambiguous", "in_progress"] as const) {
    expect(policyAfter(kind)).toBe(fullJitter);
  }
});
