/** Reading providers. */
import type { Provider, ProviderState } from "../../model/provider.ts";
import { isCanonicalUuid, type Uuid } from "../../model/uuid.ts";
import type { Recent } from "../cache/recent.ts";
import { hotKey, isHot, stateOf } from "../items/hot.ts";
import { fits } from "../items/keys.ts";
import { isProfile, profileKey, profileOf } from "../items/profile.ts";
import { nameKey, providerOfName } from "../items/provider-name.ts";
import { providerOf } from "../items/shard.ts";
import { type Tree, treeKey, treeOf } from "../items/tree.ts";
import type { Item } from "../table/item.ts";
import type { ItemReader } from "../table/reader.ts";
import { Busy } from "../table/refusals.ts";
import { backOff } from "../table/retry.ts";

/** How often a provider is read again whose two items were read at different versions. */
const MAX_READS = 8;

/** Of a provider's two items. */
const keysOf = (uuid: Uuid | undefined) =>
  uuid === undefined ? [] : [hotKey(uuid), profileKey(uuid)];

/** Nothing is stored under a text that is not a canonical UUID, so nothing is read. */
export async function readState(
  reader: ItemReader,
  uuid: Uuid,
): Promise<ProviderState | undefined> {
  if (!isCanonicalUuid(uuid)) return undefined;
  const item = await reader.get(hotKey(uuid));
  return item && stateOf(item);
}

export async function readStates(
  reader: ItemReader,
  uuids: readonly Uuid[],
): Promise<(ProviderState | undefined)[]> {
  const items = await reader.batchGet(uuids.map(hotKey));
  return items.map((item) => item && stateOf(item));
}

export async function readProvider(reader: ItemReader, uuid: Uuid): Promise<Provider | undefined> {
  const [found] = await readProviders(reader, [uuid]);
  return found;
}

/** The providers of `uuids` that exist, in that order. */
export async function readProviders(
  reader: ItemReader,
  uuids: readonly Uuid[],
): Promise<Provider[]> {
  const wanted = uuids.filter(isCanonicalUuid);
  const items = await reader.batchGet(wanted.flatMap(keysOf));
  return paired(reader, items);
}

/** The tree of `provider`; undefined if there is no such provider. */
export async function readTreeOf(reader: ItemReader, provider: Uuid): Promise<Tree | undefined> {
  if (!isCanonicalUuid(provider)) return undefined;
  for (let attempt = 1; attempt <= MAX_READS; attempt += 1) {
    const item = await reader.get(profileKey(provider));
    if (item === undefined) return undefined;
    const { root } = profileOf(item);
    const tree = await readTree(reader, root);
    if (tree?.parents.has(provider)) return tree;
    if (!(await backOff(reader, attempt))) break;
  }
  throw new Busy();
}

export async function readTree(reader: ItemReader, root: Uuid): Promise<Tree | undefined> {
  if (!isCanonicalUuid(root)) return undefined;
  const item = await reader.get(treeKey(root));
  return item && treeOf(item);
}

/** The provider with that name. */
export async function findByName(reader: ItemReader, name: string): Promise<Uuid | undefined> {
  const key = nameKey(name);
  const item = fits(key) ? await reader.get(key) : undefined;
  return item && providerOfName(item);
}

/**
 * The provider with that name, in one round trip where `known` has it: its items are read along with
 * the name, which tells whether they are still the ones.
 * @param known by name
 */
export async function readNamed(
  reader: ItemReader,
  name: string,
  known: Recent<Uuid>,
): Promise<Provider[]> {
  const key = nameKey(name);
  if (!fits(key)) return [];
  const before = known.take(name);
  const [item, ...items] = await reader.batchGet([key, ...keysOf(before)]);
  const uuid = item && providerOfName(item);
  if (uuid === undefined) return [];
  known.written(name, uuid);
  return uuid === before ? paired(reader, items) : readProviders(reader, [uuid]);
}

/**
 * Providers from their two items. Both carry the profile's version; if the versions differ, a
 * transaction ran between the reads, and both items are read again.
 */
async function paired(
  reader: ItemReader,
  items: readonly (Item | undefined)[],
): Promise<Provider[]> {
  let pending = items;
  const found = new Map<Uuid, Provider>();
  const order: Uuid[] = [];
  for (let attempt = 1; attempt <= MAX_READS; attempt += 1) {
    const { whole, torn } = pair(pending);
    for (const provider of whole) found.set(provider.state.uuid, provider);
    if (attempt === 1) order.push(...whole.map(({ state }) => state.uuid), ...torn);
    if (torn.length === 0) return order.flatMap((uuid) => found.get(uuid) ?? []);
    if (attempt > 1 && !(await backOff(reader, attempt))) break;
    pending = await reader.batchGet(torn.flatMap(keysOf));
  }
  throw new Busy();
}

function pair(items: readonly (Item | undefined)[]): { whole: Provider[]; torn: Uuid[] } {
  const states = new Map<Uuid, Item>();
  const profiles = new Map<Uuid, Item>();
  for (const item of items) {
    if (item === undefined) continue;
    if (isHot(item)) states.set(providerOf(item), item);
    if (isProfile(item)) profiles.set(providerOf(item), item);
  }
  const whole: Provider[] = [];
  const torn: Uuid[] = [];
  for (const uuid of new Set([...states.keys(), ...profiles.keys()])) {
    const hotItem = states.get(uuid);
    const profileItem = profiles.get(uuid);
    if (hotItem === undefined || profileItem === undefined) {
      torn.push(uuid);
      continue;
    }
    const provider = { state: stateOf(hotItem), profile: profileOf(profileItem) };
    if (provider.state.profileVersion === provider.profile.version) whole.push(provider);
    else torn.push(uuid);
  }
  return { whole, torn };
}
