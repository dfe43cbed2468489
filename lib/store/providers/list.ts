/** Listing providers. */
import { byCreation, type Provider } from "../../model/provider.ts";
import { type ProviderFilter, passing } from "../../model/provider-filter.ts";
import type { Uuid } from "../../model/uuid.ts";
import type { Store } from "../store.ts";
import type { ItemReader } from "../table/reader.ts";
import { findByName, readProviders, readTreeOf } from "./read.ts";
import { viewOf } from "./view.ts";

export interface ListRequest extends Omit<ProviderFilter, "root"> {
  /** A provider; its whole tree is listed. */
  readonly inTree: Uuid | undefined;
  /** Only these, however they are spelled. */
  readonly uuids?: readonly Uuid[] | undefined;
}

/**
 * Providers that pass all given filters, in the order of their creation. Reads only what the
 * narrowest filter needs, and never shows half of a large change.
 */
export async function listProviders(store: Store, request: ListRequest): Promise<Provider[]> {
  const { uuid, uuids, name, inTree } = request;
  if ((uuid ?? uuids ?? name ?? inTree) !== undefined) {
    return store.list((reader) => listSome(reader, request));
  }
  const view = await viewOf(store);
  return view.inOrder().filter(passing({ ...request, root: undefined }));
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
