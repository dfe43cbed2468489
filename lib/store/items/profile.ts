/** A provider's profile: its name, parent and root, traits and aggregates. */
import type { ProviderProfile } from "../../model/provider.ts";
import { bytesToUuid, type Uuid, uuidToBytes } from "../../model/uuid.ts";
import type { Item, Key } from "../table/item.ts";
import { aggregatesAttribute, aggregatesOf, spellingsAttribute, writtenOf } from "./aggregates.ts";
import { attribute, read, stored } from "./attributes.ts";
import { decodeIds, encodeIds } from "./id-set.ts";
import { providerOf, shardOf, shardPk } from "./shard.ts";

/** The prefix of the sort keys of profiles. */
export const PROFILE = "P#";

export const profileKey = (provider: Uuid): Key => ({
  pk: shardPk(shardOf(provider)),
  sk: `${PROFILE}${provider}`,
});

export const isProfile = ({ sk }: Key): boolean => sk.startsWith(PROFILE);

/** Paths in the profile. */
export const profile = {
  version: attribute<number>("v"),
  name: attribute<string>("n"),
  /** Absent in a root. */
  parent: attribute<Uint8Array | undefined>("p"),
  root: attribute<Uint8Array>("o"),
  /** Ids, ascending; absent if there are none. */
  traits: attribute<Uint8Array | undefined>("t"),
  /** Absent if there are none. */
  aggregates: attribute<Uint8Array | undefined>("a"),
  /** Aggregates that were not written in their canonical form; absent if all were. */
  spellings: attribute<readonly string[] | undefined>("s"),
  updated: attribute<number>("w"),
} as const;

export function profileItem(given: ProviderProfile): Item {
  const spellings = spellingsAttribute(given.writtenAggregates ?? []);
  const { parent, root, traits, aggregates } = given;
  return {
    ...profileKey(given.uuid),
    ...stored(profile, {
      version: given.version,
      name: given.name,
      parent: parent && uuidToBytes(parent),
      root: uuidToBytes(root),
      traits: traits.length === 0 ? undefined : encodeIds(traits),
      aggregates: aggregates.length === 0 ? undefined : aggregatesAttribute(aggregates),
      spellings: spellings.length === 0 ? undefined : spellings,
      updated: given.updated,
    }),
  };
}

const NO_BYTES = new Uint8Array();

export function profileOf(item: Item): ProviderProfile {
  const parent = read(item, profile.parent);
  const aggregates = aggregatesOf(read(item, profile.aggregates) ?? NO_BYTES);
  const spellings = read(item, profile.spellings);
  return {
    uuid: providerOf(item),
    version: read(item, profile.version),
    name: read(item, profile.name),
    parent: parent === undefined ? undefined : bytesToUuid(parent),
    root: bytesToUuid(read(item, profile.root)),
    traits: decodeIds(read(item, profile.traits) ?? NO_BYTES),
    aggregates,
    ...(spellings === undefined ? {} : { writtenAggregates: writtenOf(aggregates, spellings) }),
    updated: read(item, profile.updated),
  };
}
