/** Which providers an answer summarises. */

import { NONE } from "../snapshot/columns.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Candidate } from "./candidate.ts";

/**
 * The rows of all providers that give resources, each once, in the order in which the
 * candidates name them.
 * @param wholeTrees with all other providers of their trees, from 1.29
 */
export function summarizedRows(
  snapshot: Snapshot,
  candidates: readonly Candidate[],
  wholeTrees: boolean,
): number[] {
  const rows = new Set<number>();
  for (const { allocations } of candidates) {
    for (const provider of allocations.keys()) {
      const row = snapshot.rowOf(provider);
      if (rows.has(row)) continue;
      if (!wholeTrees) rows.add(row);
      else for (const each of treeRows(snapshot, row)) rows.add(each);
    }
  }
  return [...rows];
}

function* treeRows(snapshot: Snapshot, row: number): Generator<number> {
  const { next } = snapshot.columns;
  for (let each = snapshot.rootOf(row); each !== NONE; each = next[each] ?? NONE) yield each;
}
