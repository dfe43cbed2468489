import type { Consumer } from "../../lib/model/consumer.ts";
import { type Minor, minor } from "../../lib/model/microversion.ts";
import type { ProviderState } from "../../lib/model/provider.ts";
import type { NameDirectory } from "../../lib/store/cache/names.ts";
import type { Holdings } from "../../lib/store/consumers/holdings.ts";
import type { HeldAllocation } from "../../lib/store/items/holder.ts";
import { resourcesDocument } from "../shared/resources.ts";
import { shownType } from "../shared/shown-type.ts";

/** Who holds what on a provider. */
export interface Held {
  readonly holders: readonly HeldAllocation[];
  readonly state: ProviderState;
  /** Of classes. */
  readonly directory: NameDirectory;
}

/** The classes that consumers hold on a provider. */
export function idsOf(holders: readonly HeldAllocation[]): number[] {
  return holders.flatMap(({ amounts }) => [...amounts.keys()]);
}

/** API reference, "List resource provider allocations". */
export function holdersDocument({ holders, state, directory }: Held, version: Minor) {
  const allocations = holders.map(({ consumer, consumerGeneration, amounts }) => [
    consumer,
    {
      resources: resourcesDocument(amounts, directory),
      ...(version >= minor("1.28") ? { consumer_generation: consumerGeneration } : {}),
    },
  ]);
  return {
    allocations: Object.fromEntries(allocations),
    resource_provider_generation: state.generation,
  };
}

/** What a consumer holds that does not exist. */
export const NOTHING_HELD = { allocations: {} };

/** API reference, "List allocations". */
export function holdingsDocument(
  { consumer, generations }: Holdings,
  directory: NameDirectory,
  version: Minor,
) {
  const allocations = [...consumer.allocations].map(([provider, amounts]) => [
    provider,
    { resources: resourcesDocument(amounts, directory), generation: generations.get(provider) },
  ]);
  return { allocations: Object.fromEntries(allocations), ...ownerDocument(consumer, version) };
}

function ownerDocument(consumer: Consumer, version: Minor) {
  return {
    ...(version >= minor("1.12") ? { project_id: consumer.project, user_id: consumer.user } : {}),
    ...(version >= minor("1.28") ? { consumer_generation: consumer.generation } : {}),
    ...(version >= minor("1.38") ? { consumer_type: shownType(consumer.type) } : {}),
  };
}

/** The classes that a consumer holds, on any provider. */
export function classesOf(consumer: Consumer): number[] {
  return [...consumer.allocations.values()].flatMap((amounts) => [...amounts.keys()]);
}
