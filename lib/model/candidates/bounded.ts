/** The search within the operator's bounds, and the bound that ended it. */
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Candidate } from "./candidate.ts";
import type { CandidateQuery } from "./query.ts";
import { type SearchOptions, searchCandidates } from "./search.ts";

export interface BoundedOptions extends SearchOptions {
  /** Candidates of one answer, regardless of the query's limit. */
  readonly maxCandidates: number;
}

export interface BoundedResult {
  readonly candidates: readonly Candidate[];
  /**
   * The bound that ended the search: there are more candidates than `maxCandidates`, or there
   * may be more than `maxWork` sufficed for. Undefined if these are all candidates, or as
   * many as the query asks for.
   */
  readonly truncated: "max_candidates" | "max_work" | undefined;
}

export function boundedSearch(
  snapshot: Snapshot,
  query: CandidateQuery,
  options: BoundedOptions,
): BoundedResult {
  const { maxCandidates } = options;
  const asked = query.limit ?? Number.POSITIVE_INFINITY;
  // One more than an answer may have shows whether there are more.
  const limit = Math.min(asked, maxCandidates + 1);
  const { candidates, exhausted } = searchCandidates(snapshot, { ...query, limit }, options);
  if (candidates.length > maxCandidates) {
    return { candidates: candidates.slice(0, maxCandidates), truncated: "max_candidates" };
  }
  return { candidates, truncated: exhausted ? "max_work" : undefined };
}
