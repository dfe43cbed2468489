/** A way to satisfy all groups of a request. */
import type { Amounts } from "../inventory.ts";
import { NONE } from "../snapshot/columns.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { ClassId } from "../standard-classes.ts";
import type { Uuid } from "../uuid.ts";
import type { Slot } from "./slots.ts";

/** Two candidates are equal if their allocations and mappings are, even with different anchors. */
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
  // Made only for providers of several slots; most have one slot, whose map is shared.
  const sums = new Map<Uuid, Map<ClassId, number>>();
  for (const [index, { group, amounts }] of slots.entries()) {
    const provider = snapshot.uuidOf(rows[index] ?? NONE);
    const mapped = mappings.get(group.suffix);
    if (mapped === undefined) mappings.set(group.suffix, [provider]);
    else if (!mapped.includes(provider)) mapped.push(provider);
    if (amounts.size === 0) continue;
    const before = allocations.get(provider);
    if (before === undefined) {
      allocations.set(provider, amounts);
      continue;
    }
    const sum = sums.get(provider) ?? new Map(before);
    for (const [id, amount] of amounts) sum.set(id, (sum.get(id) ?? 0) + amount);
    sums.set(provider, sum);
    allocations.set(provider, sum);
  }
  return { allocations, mappings };
}
