/** A way to satisfy all groups of a request. */
import type { Amounts } from "../inventory.ts";
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
  const allocations = new Map<Uuid, Map<ClassId, number>>();
  const mappings = new Map<string, Uuid[]>();
  for (const [index, { group, needs }] of slots.entries()) {
    const provider = snapshot.uuidOf(rows[index] ?? 0);
    const mapped = mappings.get(group.suffix);
    if (mapped === undefined) mappings.set(group.suffix, [provider]);
    else if (!mapped.includes(provider)) mapped.push(provider);
    if (needs.length === 0) continue;
    let amounts = allocations.get(provider);
    if (amounts === undefined) {
      amounts = new Map();
      allocations.set(provider, amounts);
    }
    for (const { id, amount } of needs) amounts.set(id, (amounts.get(id) ?? 0) + amount);
  }
  return { allocations, mappings };
}
