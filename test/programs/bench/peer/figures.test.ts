/** What slices say together, and which targets they reach. */
import { expect, test } from "vitest";
import { figuresOf, type Pair } from "./figures.ts";
import type { Kind, Operation } from "./scene.ts";
import type { Slice } from "./slice.ts";
import { judge } from "./targets.ts";

/** `count` requests of so many milliseconds each, one after the other. */
function slice(count: number, milliseconds: number, errors: readonly string[] = []): Slice {
  const times = Array.from({ length: count }, () => milliseconds);
  return { times, elapsed: count * milliseconds, loadTime: count, errors, retries: 0 };
}

const operation = (kind: Kind): Operation => ({ name: "an operation", kind });
const pair = (ours: number, peer: number): Pair => ({
  ours: slice(50, ours),
  peer: slice(20, peer),
});

test("the ratio is the median of the pairs, with the least and the greatest", () => {
  const figures = figuresOf(operation("other"), 8, [pair(2, 8), pair(2, 20), pair(2, 10)]);
  expect(figures).toMatchObject({ ratio: 5, least: 4, greatest: 10, errors: [] });
  expect(figures.ours).toEqual({ rate: 500, p50: 2, p99: 2 });
  expect(figures.peer.p99).toBe(20);
});

test("a pair with an error on either side is no measurement, and the error is kept", () => {
  const broken = { ours: slice(50, 1), peer: slice(20, 100, ["GET /: 500 instead of 200"]) };
  const figures = figuresOf(operation("other"), 8, [broken, pair(2, 8)]);
  expect(figures.ratio).toBe(4);
  expect(figures.errors).toEqual([{ side: "peer", text: "GET /: 500 instead of 200" }]);
  const none = figuresOf(operation("other"), 8, [broken]);
  expect(none.ratio).toBeNaN();
  expect(judge(none)).toEqual([]);
});

test.each([
  ["claim", pair(1, 6), [true, true]],
  ["claim", pair(1, 5), [false, true]],
  ["candidates", pair(1, 100), [true, true]],
  ["candidates", pair(1, 29), [false, false]],
  ["other", pair(1, 3), [true]],
  ["other", pair(3, 6), [false]],
] as const)("targets of %s", (kind, one, met) => {
  const judged = judge(figuresOf(operation(kind), 8, [one]));
  expect(judged.map((each) => each.met)).toEqual(met);
});

test("a claim whose p99 is more than five times its p50 misses its target", () => {
  const ours = { ...slice(50, 1), times: [...slice(50, 1).times, 6, 6] };
  const judged = judge(figuresOf(operation("claim"), 32, [{ ours, peer: slice(20, 10) }]));
  expect(judged.map(({ met }) => met)).toEqual([true, false]);
});

test("nothing is judged with fewer than 8 clients", () => {
  expect(judge(figuresOf(operation("claim"), 1, [pair(1, 2)]))).toEqual([]);
});
