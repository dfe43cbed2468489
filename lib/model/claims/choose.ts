/**
 * The choice of candidates for a claim by query: one for each consumer, all of one alternative.
 * Pure. See docs/claims.md.
 */
import type { Candidate } from "../candidates/candidate.ts";
import { drawnFrom } from "../candidates/drawn.ts";
import type { CandidateQuery } from "../candidates/query.ts";
import { searchCandidates } from "../candidates/search.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Uuid } from "../uuid.ts";
import { Room } from "./room.ts";

/**
 * How often an alternative is searched for several consumers, each time in other orders: what one
 * of them takes may be what another one needs.
 */
const MAX_TURNS = 4;

export interface ChoiceRequest {
  /** By preference. */
  readonly alternatives: readonly CandidateQuery[];
  /** Each once. */
  readonly consumers: readonly Uuid[];
}

/** The search for an alternative that came to nothing. */
export interface SearchedInVain {
  readonly query: CandidateQuery;
  /** All providers, less what the consumers before the one without a candidate would take. */
  readonly left: Snapshot;
}

export type Choice =
  | {
      readonly kind: "chosen";
      /** Its number, from 0. */
      readonly alternative: number;
      /** By consumer. */
      readonly candidates: readonly Candidate[];
    }
  | {
      readonly kind: "none";
      /** By alternative. */
      readonly searched: readonly SearchedInVain[];
    }
  /** The work was spent before it was known whether there is a choice. */
  | { readonly kind: "unfinished" };

/**
 * The first alternative of which each consumer gets a candidate. Each consumer searches in an
 * order that its uuid draws, and counts what the consumers before it take.
 * @param maxWork search steps of all searches together
 */
export function chooseCandidates(
  snapshot: Snapshot,
  { alternatives, consumers }: ChoiceRequest,
  { maxWork }: { readonly maxWork: number },
): Choice {
  let left = maxWork;
  const searched: SearchedInVain[] = [];
  for (const [alternative, query] of alternatives.entries()) {
    let first: SearchedInVain | undefined;
    const turns = consumers.length > 1 ? MAX_TURNS : 1;
    for (let turn = 0; turn < turns; turn += 1) {
      const found = chooseInTurn(snapshot, query, consumers, { turn, maxWork: left });
      // Further turns are tried as far as the work lasts.
      if (found.exhausted && turn === 0) return { kind: "unfinished" };
      left -= found.work;
      if (found.candidates.length === consumers.length) {
        return { kind: "chosen", alternative, candidates: found.candidates };
      }
      first ??= { query, left: found.left };
      // Nobody took anything that the first one needs.
      if (found.candidates.length === 0 || found.exhausted) break;
    }
    if (first !== undefined) searched.push(first);
  }
  return { kind: "none", searched };
}

interface Turn {
  readonly candidates: readonly Candidate[];
  readonly left: Snapshot;
  readonly work: number;
  readonly exhausted: boolean;
}

function chooseInTurn(
  snapshot: Snapshot,
  query: CandidateQuery,
  consumers: readonly Uuid[],
  { turn, maxWork }: { readonly turn: number; readonly maxWork: number },
): Turn {
  // One consumer alone takes from nobody.
  const room = consumers.length > 1 ? new Room(snapshot) : undefined;
  const left = room?.snapshot ?? snapshot;
  const candidates: Candidate[] = [];
  let work = 0;
  for (const consumer of consumers) {
    const options = { maxWork: maxWork - work, random: drawnFrom(consumer, turn) };
    const found = searchCandidates(left, { ...query, limit: 1 }, options);
    work += found.work;
    const [candidate] = found.candidates;
    if (candidate === undefined) return { candidates, left, work, exhausted: found.exhausted };
    candidates.push(candidate);
    room?.take(candidate);
  }
  return { candidates, left, work, exhausted: false };
}
