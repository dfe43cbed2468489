import type { ProviderState } from "../../lib/model/provider.ts";
import type { NameDirectory } from "../../lib/store/cache/names.ts";
import { resourcesDocument } from "../shared/resources.ts";

/** The use of a provider: every class with inventory, zeros too. */
export function providerUsagesDocument(state: ProviderState, directory: NameDirectory) {
  const used = new Map([...state.inventories].map(([id, inventory]) => [id, inventory.used]));
  return {
    resource_provider_generation: state.generation,
    usages: resourcesDocument(used, directory),
  };
}
