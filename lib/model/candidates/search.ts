/** The search for allocation candidates in a snapshot. */
import type { Random } from "../clock.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Candidate } from "./candidate.ts";
import type { CandidateQuery } from "./query.ts";

export interface SearchOptions {
  /** Steps at most: a step is about one look at one provider for one group. */
  readonly maxWork: number;
  /** Shuffles the candidates; without it their order follows from the snapshot's content. */
  readonly random?: Pick<Random, "fraction">;
}

export interface SearchResult {
  /** Each once, `query.limit` at most. */
  readonly candidates: readonly Candidate[];
  /** Whether the ceiling on work ended the search: there may be more. */
  readonly exhausted: boolean;
  /** Steps that were taken. */
  readonly work: number;
}

/** Pure: the answer depends on the arguments alone. */
export function searchCandidates(
  _snapshot: Snapshot,
  _query: CandidateQuery,
  _options: SearchOptions,
): SearchResult {
  throw new Error("written with the next commit");
}
