/** Reads the pages of profiles: see `items/profile-page.ts`. */
import type { ProviderProfile } from "../../../model/provider.ts";
import type { Uuid } from "../../../model/uuid.ts";
import { profilePageKey, profilePageOf } from "../../items/profile-page.ts";
import type { ItemReader } from "../../table/reader.ts";

/** By shard, the profiles of its pages by provider. Shards without a readable page are absent. */
export type Pages = ReadonlyMap<number, ReadonlyMap<Uuid, ProviderProfile>>;

/** Stale pages cost reads of what they lack, and never the truth. */
const EVENTUAL = { eventual: true } as const;

/**
 * The first page of each of `shards`, then the others that it names. Where several pages have
 * a copy of one profile, any of them is taken: if its version is an old one, the profile is
 * read.
 */
export async function readPages(reader: ItemReader, shards: readonly number[]): Promise<Pages> {
  const found = new Map<number, Map<Uuid, ProviderProfile>>();
  const read = async (places: readonly (readonly [shard: number, page: number])[]) => {
    const keys = places.map(([shard, page]) => profilePageKey(shard, page));
    const items = await reader.batchGet(keys, EVENTUAL);
    return places.flatMap(([shard], index) => {
      const item = items[index];
      const page = item && profilePageOf(item);
      if (page === undefined) return [];
      const known = found.get(shard) ?? new Map<Uuid, ProviderProfile>();
      for (const profile of page.profiles) known.set(profile.uuid, profile);
      found.set(shard, known);
      return Array.from({ length: page.pages - 1 }, (_, more) => [shard, more + 1] as const);
    });
  };
  const more = await read(shards.map((shard) => [shard, 0] as const));
  if (more.length > 0) await read(more);
  return found;
}
