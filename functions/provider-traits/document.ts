import type { Provider } from "../../lib/model/provider.ts";
import type { NameDirectory } from "../../lib/store/cache/names.ts";

/** A provider's traits as the API shows them; API reference, "Resource provider traits". */
export function traitsDocument({ state, profile }: Provider, directory: NameDirectory) {
  return {
    traits: profile.traits.flatMap((id) => directory.nameOf(id) ?? []),
    resource_provider_generation: state.generation,
  };
}
