import { type Minor, minor } from "../../lib/model/microversion.ts";
import type { Provider } from "../../lib/model/provider.ts";

/** A provider's aggregates as the API shows them; API reference, "Resource provider aggregates". */
export function aggregatesDocument(
  { aggregates, generation }: { aggregates: readonly string[]; generation: number },
  version: Minor,
) {
  if (version < minor("1.19")) return { aggregates };
  return { aggregates, resource_provider_generation: generation };
}

/** The same of a provider as it is: aggregates in the spelling in which they were written. */
export function providerAggregatesDocument({ state, profile }: Provider, version: Minor) {
  const { aggregates: compared, writtenAggregates: aggregates = compared } = profile;
  return aggregatesDocument({ aggregates, generation: state.generation }, version);
}
