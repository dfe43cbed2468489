/** Listing providers. */
import { byCreation, type Provider } from "../../model/provider.ts";
import { type ProviderFilter, passing } from "../../model/provider-filter.ts";
import type { Uuid } from "../../model/uuid.ts";
import { makeRecentNames } from "../cache/recent.ts";
import type { Shareable } from "../cache/shared.ts";
import { ShardGroups } from "../cache/snapshot/shard-groups.ts";
import type { View } from "../cache/snapshot/view.ts";
import { shardOf } from "../items/shard.ts";
import type { Store } from "../store.ts";
import type { ItemReader } from "../table/reader.ts";
import { readNamed, readProviders, readTreeOf } from "./read.ts";
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
 * A name that was not looked up before, or a tree, takes several round trips by keys, and one where
 * the function has all providers in memory.
 */
export async function listProviders(store: Store, request: ListRequest): Promise<Provider[]> {
  const { uuid, uuids, name, inTree } = request;
  const byKeys = () => store.list((reader) => listSome(store, reader, request));
  if ((uuid ?? uuids) !== undefined) return byKeys();
  if ((name ?? inTree) !== undefined) {
    const view = await warmViewOf(store);
    return view === undefined ? byKeys() : listOfView(store, view, request);
  }
  const view = await viewOf(store);
  return view.inOrder().filter(passing({ ...request, root: undefined }));
}

const providersByName: Shareable<ShardGroups> = () =>
  new ShardGroups(({ profile }) => profile.name);
const providersByRoot: Shareable<ShardGroups> = () =>
  new ShardGroups(({ profile }) => profile.root);

function listOfView(store: Store, view: View, { inTree, ...filter }: ListRequest): Provider[] {
  const root = inTree && view.find(shardOf(inTree), inTree)?.profile.root;
  if (inTree !== undefined && root === undefined) return [];
  const found =
    root === undefined
      ? store.shared(providersByName).find(view, filter.name ?? "")
      : store.shared(providersByRoot).find(view, root);
  return found.filter(passing({ ...filter, root })).sort(byCreation);
}

async function listSome(
  store: Store,
  reader: ItemReader,
  { inTree, ...filter }: ListRequest,
): Promise<Provider[]> {
  const tree = inTree === undefined ? undefined : await readTreeOf(reader, inTree);
  if (inTree !== undefined && tree === undefined) return [];
  const found = await narrowest(store, reader, filter, tree && [...tree.parents.keys()]);
  return found.filter(passing({ ...filter, root: tree?.root })).sort(byCreation);
}

async function narrowest(
  store: Store,
  reader: ItemReader,
  filter: Omit<ListRequest, "inTree">,
  members: readonly Uuid[] = [],
): Promise<Provider[]> {
  if (filter.uuid !== undefined) return readProviders(reader, [filter.uuid]);
  if (filter.uuids !== undefined) return readProviders(reader, [...new Set(filter.uuids)]);
  if (filter.name !== undefined) {
    return readNamed(reader, filter.name, store.shared(makeRecentNames));
  }
  return readProviders(reader, members);
}
