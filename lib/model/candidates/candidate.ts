/** A way to satisfy all groups of a request. */
import type { Amounts } from "../inventory.ts";
import type { Uuid } from "../uuid.ts";

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
