/** What has to be reached beside a peer, and what is. */
import type { Figures } from "./figures.ts";
import type { Kind } from "./scene.ts";

/** With fewer clients figures are shown and not judged: both sides wait rather than work. */
const FEWEST_CLIENTS = 8;

/** Times the peer's throughput. */
const LEAST_RATIO: Readonly<Record<Kind, number>> = { claim: 6, candidates: 100, other: 3 };
/** A claim's p99 in times of its p50. */
const MOST_SPREAD = 5;
/** Candidates: the peer's p99 in times of ours. */
const LEAST_P99_RATIO = 30;

export interface Judged {
  readonly what: string;
  readonly value: number;
  readonly target: string;
  readonly met: boolean;
}

/** Nothing is judged where the peer answers errors in every slice: its figures are missing then. */
export function judge(figures: Figures): Judged[] {
  const { operation, clients, ours, peer, ratio } = figures;
  if (clients < FEWEST_CLIENTS || Number.isNaN(ratio)) return [];
  const { name, kind } = operation;
  const where = `${name}, ${clients} clients`;
  const judged = [atLeast(`${where}: throughput, times the peer's`, ratio, LEAST_RATIO[kind])];
  if (kind === "claim") {
    const value = ours.p99 / ours.p50;
    const [what, target] = [`${where}: p99, times the p50`, `at most ${MOST_SPREAD}`];
    judged.push({ what, value, target, met: value <= MOST_SPREAD });
  }
  if (kind === "candidates") {
    judged.push(
      atLeast(`${where}: the peer's p99, times ours`, peer.p99 / ours.p99, LEAST_P99_RATIO),
    );
  }
  return judged;
}

function atLeast(what: string, value: number, least: number): Judged {
  return { what, value, target: `at least ${least}`, met: value >= least };
}
