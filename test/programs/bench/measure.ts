/** Taking times and sizes: medians, since other programs run on the machine too. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const MAX_RUNS = 200;

export interface Effort {
  /** Milliseconds to spend on one figure, about. */
  readonly budget: number;
  readonly minRuns: number;
}

export const THOROUGH: Effort = { budget: 1_500, minRuns: 5 };
export const QUICK: Effort = { budget: 50, minRuns: 1 };

/** Median milliseconds of `run`, once it is warm. */
export function timeOf(run: () => unknown, { budget, minRuns }: Effort): number {
  const times: number[] = [];
  const end = performance.now() + 2 * budget;
  const warm = performance.now() + budget / 2;
  while (performance.now() < warm) if (elapsed(run) > budget) break;
  while (times.length < minRuns || (performance.now() < end && times.length < MAX_RUNS)) {
    times.push(elapsed(run));
  }
  return median(times);
}

function elapsed(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

/** Median milliseconds of `run`, which waits for something. */
export async function waitOf(run: () => Promise<unknown>, runs: number): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < runs; count += 1) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return median(times);
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes of heap and of array buffers that what `make` makes keeps alive. */
export function bytesOf<T>(make: () => T): { readonly made: T; readonly bytes: number } {
  const before = inUse();
  const made = make();
  return { made, bytes: inUse() - before };
}

export function inUse(): number {
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
