import type { Provider } from "../../lib/model/provider.ts";
import type { Store } from "../../lib/store/store.ts";

/** A provider's traits as the API shows them; API reference, "Resource provider traits". */
export async function traitsDocument(store: Store, { state, profile }: Provider) {
  const directory = await store.names.traits(store, { ids: profile.traits });
  return {
    traits: profile.traits.flatMap((id) => directory.nameOf(id) ?? []),
    resource_provider_generation: state.generation,
  };
}
