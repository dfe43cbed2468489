/** The filters of a list of providers. */
import { claimFault } from "./inventory.ts";
import type { Provider } from "./provider.ts";
import { type AggregateFilter, passesAggregates } from "./queries/member-of.ts";
import { passesTraits, type TraitFilter } from "./queries/required.ts";
import type { ClassId } from "./standard-classes.ts";
import type { TraitId } from "./standard-traits.ts";
import type { Uuid } from "./uuid.ts";

/** Undefined filters nothing. */
export interface ProviderFilter {
  readonly name: string | undefined;
  readonly uuid: Uuid | undefined;
  /** The root of the tree to list. */
  readonly root: Uuid | undefined;
  /** Each amount must fit as a claim of its own. */
  readonly resources: ReadonlyMap<ClassId, number> | undefined;
  readonly traits: TraitFilter<TraitId> | undefined;
  readonly aggregates: AggregateFilter | undefined;
}

/**
 * Whether a provider passes. What profiles share is checked once: hosts of one kind have the
 * same list of traits and of aggregates, as one object (`Interner`).
 */
export function passing(filter: ProviderFilter): (provider: Provider) => boolean {
  const { name, uuid, root, resources, traits, aggregates } = filter;
  const hasTraits = once(traits, (ids: readonly TraitId[], wanted) =>
    passesTraits(new Set(ids), wanted),
  );
  const isMember = once(aggregates, (uuids: readonly Uuid[], wanted) =>
    passesAggregates(new Set(uuids), wanted),
  );
  return ({ state, profile }) =>
    (name === undefined || profile.name === name) &&
    (uuid === undefined || state.uuid === uuid) &&
    (root === undefined || profile.root === root) &&
    (resources === undefined || hasRoom(state.inventories, resources)) &&
    hasTraits(profile.traits) &&
    isMember(profile.aggregates);
}

/** A check that is made once for each object. */
function once<T extends object, F>(
  filter: F | undefined,
  check: (value: T, filter: F) => boolean,
): (value: T) => boolean {
  if (filter === undefined) return () => true;
  const known = new Map<T, boolean>();
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const now = check(value, filter);
    known.set(value, now);
    return now;
  };
}

function hasRoom(
  inventories: Provider["state"]["inventories"],
  resources: ReadonlyMap<ClassId, number>,
): boolean {
  for (const [id, amount] of resources) {
    const fault = claimFault(inventories.get(id), { amount, before: 0 }, amount);
    if (fault !== undefined) return false;
  }
  return true;
}
