/** Listing providers. */
import { byCreation, type Provider } from "../../model/provider.ts";
import { type ProviderFilter, passes } from "../../model/provider-filter.ts";
import type { Uuid } from "../../model/uuid.ts";
import type { Store } from "../store.ts";
import { findByName, readProviders, readTreeOf } from "./read.ts";

export interface ListRequest extends Omit<ProviderFilter, "root"> {
  /** A provider whose whole tree is wanted. */
  readonly inTree: Uuid | undefined;
}

/**
 * Providers that pass every filter that is given, in the order of their creation,
 * by the reads that the narrowest needs; no large change is seen by halves.
 */
export async function listProviders(store: Store, request: ListRequest): Promise<Provider[]> {
  const { uuid, name, inTree } = request;
  if (uuid !== undefined || name !== undefined || inTree !== undefined) {
    return store.consistently(() => listSome(store, request));
  }
  const view = await store.snapshots.read(store);
  return view.inOrder().filter((provider) => passes(provider, { ...request, root: undefined }));
}

async function listSome(store: Store, { inTree, ...filter }: ListRequest): Promise<Provider[]> {
  const tree = inTree === undefined ? undefined : await readTreeOf(store, inTree);
  if (inTree !== undefined && tree === undefined) return [];
  const found = await narrowest(store, filter, tree && [...tree.parents.keys()]);
  return found
    .filter((provider) => passes(provider, { ...filter, root: tree?.root }))
    .sort(byCreation);
}

async function narrowest(
  store: Store,
  filter: Omit<ProviderFilter, "root">,
  members: readonly Uuid[] = [],
): Promise<Provider[]> {
  if (filter.uuid !== undefined) return readProviders(store, [filter.uuid]);
  if (filter.name !== undefined) {
    const uuid = await findByName(store, filter.name);
    return uuid === undefined ? [] : readProviders(store, [uuid]);
  }
  return readProviders(store, members);
}
