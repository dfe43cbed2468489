/** Listing providers. */
import { byCreation, type Provider } from "../../model/provider.ts";
import { type ProviderFilter, passing } from "../../model/provider-filter.ts";
import type { Uuid } from "../../model/uuid.ts";
import type { View } from "../cache/snapshot/view.ts";
import { shardOf } from "../items/shard.ts";
import type { Store } from "../store.ts";
import type { ItemReader } from "../table/reader.ts";
import { findByName, readProviders, readTreeOf } from "./read.ts";
import { viewOf, warmViewOf } from "./view.ts";

export interface ListRequest extends Omit<ProviderFilter, "root"> {
  /** A provider; its whole tree is listed. */
  readonly inTree: Uuid | undefined;
  /** Only these, however they are spelled. */
  readonly uuids?: readonly Uuid[] | undefined;
}

/**
 * Providers that pass all given filters, in the order of their creation. Reads only what the
 * narrowest filter needs, and never shows half of a large change. Uuids are read by their keys.
 * A name or a tree takes several round trips by keys, and one where the function has all
 * providers in memory.
 */
export async function listProviders(store: Store, request: ListRequest): Promise<Provider[]> {
  const { uuid, uuids, name, inTree } = request;
  if ((uuid ?? uuids) !== undefined) return store.list((reader) => listSome(reader, request));
  if ((name ?? inTree) !== undefined) {
    const view = await warmViewOf(store);
    if (view !== undefined) return listOfView(view, request);
    return store.list((reader) => listSome(reader, request));
  }
  const view = await viewOf(store);
  return view.inOrder().filter(passing({ ...request, root: undefined }));
}

/** Sorts what it has found: the order of all is of no use to so few. */
function listOfView(view: View, { inTree, ...filter }: ListRequest): Provider[] {
  const member = inTree && view.find(shardOf(inTree), inTree);
  if (inTree !== undefined && member === undefined) return [];
  const root = member?.profile.root;
  return view
    .providers()
    .filter(passing({ ...filter, root }))
    .sort(byCreation);
}

async function listSome(
  reader: ItemReader,
  { inTree, ...filter }: ListRequest,
): Promise<Provider[]> {
  const tree = inTree === undefined ? undefined : await readTreeOf(reader, inTree);
  if (inTree !== undefined && tree === undefined) return [];
  const found = await narrowest(reader, filter, tree && [...tree.parents.keys()]);
  return found.filter(passing({ ...filter, root: tree?.root })).sort(byCreation);
}

async function narrowest(
  reader: ItemReader,
  filter: Omit<ListRequest, "inTree">,
  members: readonly Uuid[] = [],
): Promise<Provider[]> {
  if (filter.uuid !== undefined) return readProviders(reader, [filter.uuid]);
  if (filter.uuids !== undefined) return readProviders(reader, [...new Set(filter.uuids)]);
  if (filter.name !== undefined) {
    const uuid = await findByName(reader, filter.name);
    return uuid === undefined ? [] : readProviders(reader, [uuid]);
  }
  return readProviders(reader, members);
}
