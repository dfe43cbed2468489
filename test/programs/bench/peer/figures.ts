/** What the slices of both sides say together. */
import { median } from "../measure.ts";
import type { Operation } from "./scene.ts";
import type { Slice } from "./slice.ts";

/** Slices that were played one directly after the other. */
export interface Pair {
  readonly ours: Slice;
  readonly peer: Slice;
}

export interface SideFigures {
  /** Requests a second: the median of the slices. */
  readonly rate: number;
  /** Milliseconds, of all requests. */
  readonly p50: number;
  readonly p99: number;
}

export interface Figures {
  readonly operation: Operation;
  readonly clients: number;
  readonly ours: SideFigures;
  readonly peer: SideFigures;
  /** Ours to the peer's, of throughput: the median of the pairs, the least and the greatest. */
  readonly ratio: number;
  readonly least: number;
  readonly greatest: number;
  /** Milliseconds of processor time that the load takes for a request, of either side. */
  readonly loadTime: number;
  readonly errors: readonly SideError[];
  /** Requests of the peer and of ours that were sent again after a race. */
  readonly retries: number;
}

export interface SideError {
  readonly side: keyof Pair;
  readonly text: string;
}

/** Pairs with an error on either side are no measurement. Without any other, figures are NaN. */
export function figuresOf(operation: Operation, clients: number, pairs: readonly Pair[]): Figures {
  const errors = pairs.flatMap((pair) =>
    (["ours", "peer"] as const).flatMap((side) =>
      pair[side].errors.map((text) => ({ side, text })),
    ),
  );
  const sound = pairs.filter(({ ours, peer }) => isSound(ours) && isSound(peer));
  const [ours, peer] = [sound.map((pair) => pair.ours), sound.map((pair) => pair.peer)];
  const ratios = sound.map((pair) => rateOf(pair.ours) / rateOf(pair.peer)).sort((a, b) => a - b);
  const all = [...ours, ...peer];
  const requests = all.reduce((sum, { times }) => sum + times.length, 0);
  return {
    operation,
    clients,
    ours: sideOf(ours),
    peer: sideOf(peer),
    ratio: median(ratios),
    least: ratios[0] ?? Number.NaN,
    greatest: ratios.at(-1) ?? Number.NaN,
    loadTime: all.reduce((sum, { loadTime }) => sum + loadTime, 0) / requests,
    errors,
    retries: all.reduce((sum, { retries }) => sum + retries, 0),
  };
}

function isSound({ errors, times }: Slice): boolean {
  return errors.length === 0 && times.length > 0;
}

function rateOf({ times, elapsed }: Slice): number {
  return (1_000 * times.length) / elapsed;
}

function sideOf(slices: readonly Slice[]): SideFigures {
  const times = slices.flatMap((slice) => slice.times).sort((a, b) => a - b);
  const at = (part: number) => times[Math.floor(part * (times.length - 1))] ?? Number.NaN;
  return { rate: median(slices.map(rateOf)), p50: at(0.5), p99: at(0.99) };
}
