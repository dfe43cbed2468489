/** Listing providers. */
import type { Provider } from "../model/provider.ts";
import { findByName, readAllProviders, readProviders, readTreeOf } from "./providers.ts";
import type { Store } from "./store.ts";

export interface ProviderFilter {
  readonly name: string | undefined;
  readonly uuid: string | undefined;
  /** A provider whose whole tree is wanted. */
  readonly inTree: string | undefined;
}

/** Providers that pass every filter that is given, by the reads that the narrowest needs. */
export async function listProviders(store: Store, filter: ProviderFilter): Promise<Provider[]> {
  const tree = filter.inTree === undefined ? undefined : await readTreeOf(store, filter.inTree);
  if (filter.inTree !== undefined && tree === undefined) return [];
  const wanted = filter.uuid?.toLowerCase();
  const found = await narrowest(store, filter, tree && [...tree.parents.keys()]);
  return found.filter(
    ({ state, profile }) =>
      (filter.name === undefined || profile.name === filter.name) &&
      (wanted === undefined || state.uuid === wanted) &&
      (tree === undefined || profile.root === tree.root),
  );
}

async function narrowest(
  store: Store,
  filter: ProviderFilter,
  members: readonly string[] | undefined,
): Promise<Provider[]> {
  if (filter.uuid !== undefined) return readProviders(store, [filter.uuid.toLowerCase()]);
  if (filter.name !== undefined) {
    const uuid = await findByName(store, filter.name);
    return uuid === undefined ? [] : readProviders(store, [uuid]);
  }
  if (members !== undefined) return readProviders(store, members);
  return readAllProviders(store);
}
