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

export function passes({ state, profile }: Provider, filter: ProviderFilter): boolean {
  return (
    (filter.name === undefined || profile.name === filter.name) &&
    (filter.uuid === undefined || state.uuid === filter.uuid) &&
    (filter.root === undefined || profile.root === filter.root) &&
    (filter.resources === undefined || hasRoom(state.inventories, filter.resources)) &&
    (filter.traits === undefined || passesTraits(new Set(profile.traits), filter.traits)) &&
    (filter.aggregates === undefined ||
      passesAggregates(new Set(profile.aggregates), filter.aggregates))
  );
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
