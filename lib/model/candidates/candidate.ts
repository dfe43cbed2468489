/** A way to satisfy all groups of a request. */
import type { Amounts } from "../inventory.ts";
import { NONE } from "../snapshot/columns.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { ClassId } from "../standard-classes.ts";
import type { Uuid } from "../uuid.ts";
import type { Slot } from "./slots.ts";

/**
 * Two candidates are equal if their allocations and their mappings are, whatever
 * root they are anchored at.
 */
export interface Candidate {
  /** What to claim from each provider, summed over the groups. */
  readonly allocations: ReadonlyMap<Uuid, Amounts>;
  /** By suffix, the providers that satisfy the group; exactly one for a suffixed group. */
  readonly mappings: ReadonlyMap<string, readonly Uuid[]>;
}

interface Assigned {
  readonly snapshot: Snapshot;
  readonly slots: readonly Slot[];
}

/** @param rows the provider of each slot */
export function candidateOf({ snapshot, slots }: Assigned, rows: readonly number[]): Candidate {
  const allocations = new Map<Uuid, Amounts>();
  const mappings = new Map<string, Uuid[]>();
  for (const [index, { group, needs }] of slots.entries()) {
    const row = rows[index] ?? NONE;
    const provider = snapshot.uuidOf(row);
    const mapped = mappings.get(group.suffix);
    if (mapped === undefined) mappings.set(group.suffix, [provider]);
    else if (!mapped.includes(provider)) mapped.push(provider);
    if (needs.length > 0 && !allocations.has(provider)) {
      allocations.set(provider, amountsFrom(slots, rows, row, index));
    }
  }
  return { allocations, mappings };
}

/** What the slots from `first` on take from one provider; a map is made only if several do. */
function amountsFrom(
  slots: readonly Slot[],
  rows: readonly number[],
  row: number,
  first: number,
): Amounts {
  const single = slots[first]?.amounts ?? new Map();
  let sums: Map<ClassId, number> | undefined;
  for (let index = first + 1; index < rows.length; index += 1) {
    if (rows[index] !== row) continue;
    sums ??= new Map(single);
    for (const { id, amount } of slots[index]?.needs ?? []) {
      sums.set(id, (sums.get(id) ?? 0) + amount);
    }
  }
  return sums ?? single;
}
