/**
 * The search for allocation candidates in a snapshot. It takes one candidate from each root
 * in turn, and stops at the limit.
 */
import type { Random } from "../clock.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Anchor } from "./anchor.ts";
import { Budget } from "./budget.ts";
import { type Candidate, candidateOf } from "./candidate.ts";
import { planOf, type SearchPlan } from "./plan.ts";
import type { CandidateQuery } from "./query.ts";
import { type RootSearch, searchAt } from "./root-search.ts";
import { SharedCandidates } from "./shared.ts";
import { shuffled } from "./shuffle.ts";

export interface SearchOptions {
  /** Search steps at most: a step is about one check of one provider for one group. */
  readonly maxWork: number;
  /**
   * Shuffles the roots, and the options of each slot at a root. Without it the order is
   * determined by the providers' uuids.
   */
  readonly random?: Pick<Random, "fraction">;
}

export interface SearchResult {
  /** Each once, `query.limit` at most. */
  readonly candidates: readonly Candidate[];
  /** Whether the budget was exhausted: there may be more candidates. */
  readonly exhausted: boolean;
  /** Search steps taken. */
  readonly work: number;
}

/** Pure: the result depends on the arguments alone. */
export function searchCandidates(
  snapshot: Snapshot,
  query: CandidateQuery,
  options: SearchOptions,
): SearchResult {
  const budget = new Budget(options.maxWork);
  const candidates: Candidate[] = [];
  const limit = query.limit ?? Number.POSITIVE_INFINITY;
  const plan = planOf(snapshot, query);
  for (const rows of assignments(plan, options.random, budget)) {
    candidates.push(candidateOf(plan, rows));
    if (candidates.length >= limit) break;
  }
  return { candidates, exhausted: budget.wasCut, work: budget.spent };
}

/** By the query's slots, each assignment that gives a new candidate. */
function* assignments(
  plan: SearchPlan,
  random: SearchOptions["random"],
  budget: Budget,
): Generator<readonly number[]> {
  const shared = new SharedCandidates(plan);
  let open: RootSearch[] = [];
  const roots = plan.anchors.roots();
  for (const root of random === undefined ? roots : shuffled(roots, random)) {
    if (budget.exhausted) {
      budget.cut();
      return;
    }
    const anchor = plan.anchors.at(root, budget);
    if (anchor === undefined) continue;
    const given = random === undefined ? anchor : shuffledOptions(anchor, random);
    const search = searchAt(plan, given, shared.areElsewhere(anchor), budget);
    const rows = search && nextOf(search, shared);
    if (search === undefined || rows === undefined) continue;
    yield rows;
    open.push(search);
  }
  while (open.length > 0) {
    const still: RootSearch[] = [];
    for (const search of open) {
      const rows = nextOf(search, shared);
      if (rows === undefined) continue;
      yield rows;
      still.push(search);
    }
    open = still;
  }
}

function nextOf(search: RootSearch, shared: SharedCandidates): readonly number[] | undefined {
  for (;;) {
    const rows = search.next();
    if (rows === undefined || !shared.isRepeated(rows)) return rows;
  }
}

function shuffledOptions(
  { root, options }: Anchor,
  random: NonNullable<SearchOptions["random"]>,
): Anchor {
  return { root, options: options.map((rows) => [...shuffled(rows, random)]) };
}
