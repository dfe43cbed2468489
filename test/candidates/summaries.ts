/** The provider summaries of an answer, built member by member: what answers are compared with. */

import type { Candidate } from "../../lib/model/candidates/candidate.ts";
import { NONE } from "../../lib/model/snapshot/columns.ts";
import type { Snapshot } from "../../lib/model/snapshot/snapshot.ts";
import type { ClassId } from "../../lib/model/standard-classes.ts";
import type { TraitId } from "../../lib/model/standard-traits.ts";
import type { Uuid } from "../../lib/model/uuid.ts";

export interface ProviderSummary {
  readonly uuid: Uuid;
  readonly parent: Uuid | undefined;
  readonly root: Uuid;
  readonly resources: readonly {
    readonly id: ClassId;
    /** Truncated toward zero. */
    readonly capacity: number;
    readonly used: number;
  }[];
  readonly traits: Iterable<TraitId> & { readonly length: number };
}

export interface SummaryOptions {
  /** All providers of the trees that give resources (from 1.29), or only those that give them. */
  readonly wholeTrees: boolean;
  /** Only these classes; undefined: all, from 1.27. */
  readonly classes: ReadonlySet<ClassId> | undefined;
}

/** Each provider once, in the order in which the candidates name their trees. */
export function summarize(
  snapshot: Snapshot,
  candidates: readonly Candidate[],
  { wholeTrees, classes }: SummaryOptions,
): ProviderSummary[] {
  const rows = new Set<number>();
  for (const { allocations } of candidates) {
    for (const provider of allocations.keys()) {
      const row = snapshot.rowOf(provider);
      if (rows.has(row)) continue;
      if (!wholeTrees) rows.add(row);
      else for (const each of treeRows(snapshot, row)) rows.add(each);
    }
  }
  return Array.from(rows, (row) => summaryOf(snapshot, row, classes));
}

function* treeRows(snapshot: Snapshot, row: number): Generator<number> {
  const { next } = snapshot.columns;
  for (let each = snapshot.rootOf(row); each !== NONE; each = next[each] ?? NONE) yield each;
}

function summaryOf(
  snapshot: Snapshot,
  row: number,
  wanted: SummaryOptions["classes"],
): ProviderSummary {
  const { firstSlot, slots, classes, capacity, used, traits } = snapshot.columns;
  const parent = snapshot.parentOf(row);
  const first = firstSlot[row] ?? 0;
  const resources = [];
  for (let slot = first; slot < first + (slots[row] ?? 0); slot += 1) {
    const id = classes[slot] ?? NONE;
    if (wanted !== undefined && !wanted.has(id)) continue;
    resources.push({ id, capacity: capacity[slot] ?? 0, used: used[slot] ?? 0 });
  }
  return {
    uuid: snapshot.uuidOf(row),
    parent: parent === NONE ? undefined : snapshot.uuidOf(parent),
    root: snapshot.uuidOf(snapshot.rootOf(row)),
    resources,
    traits: snapshot.interned.traitSets.idsOf(traits[row] ?? 0),
  };
}
