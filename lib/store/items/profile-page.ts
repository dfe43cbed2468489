/**
 * Pages of profiles: copies of the profiles of one shard, compressed, which a function reads
 * instead of the profiles when it starts. Each copy carries its version, which is used for a
 * state that names the same version and for no other. So a page may be stale, and may have
 * copies of what is gone: it has to agree with nothing.
 */
import { deflateSync, inflateSync } from "node:zlib";
import type { ProviderProfile } from "../../model/provider.ts";
import type { Uuid } from "../../model/uuid.ts";
import type { Item, Key } from "../table/item.ts";
import { attribute, read, stored } from "./attributes.ts";
import { afterFirst, joined } from "./keys.ts";
import { columnsOf, columnsText, sizeInColumns } from "./profile-columns.ts";
import { SHARDS, shardOf } from "./shard.ts";

export const PAGES = "PAGES";

/** The format of the text: functions read and write pages of their own format only. */
const PAGE_FORMAT = 1;

/** Pages of one shard; profiles beyond them are on no page. */
export const MAX_PAGES = 64;

/** Profiles on a page: a change of one of them writes all of them again. */
const PROFILES_PER_PAGE = 512;

/** Bytes of a text; no more is decompressed. Even uncompressed, it fits an item. */
const MAX_TEXT = 300_000;

/** Bytes of profiles in a text, as `sizeInColumns` counts them; the rest is names of columns. */
const MAX_CONTENT = MAX_TEXT - 10_000;

/** The partition key of all pages of a shard. */
export const pagesPk = (shard: number): string => joined(PAGES, PAGE_FORMAT, shard);

export const profilePageKey = (shard: number, page: number): Key => ({
  pk: pagesPk(shard),
  sk: joined("PAGE", page),
});

/** The number of a page in its shard; after damage not a whole number. */
export const numberOfPage = ({ sk }: Key): number => Number(afterFirst(sk));

/** The shard of a page; undefined: the page is of another format. */
export function shardOfPage({ pk }: Key): number | undefined {
  const shard = Number(afterFirst(afterFirst(pk)));
  return pk === pagesPk(shard) ? shard : undefined;
}

const attributes = {
  /** Number of pages of the shard, when this one was written. */
  pages: attribute<number>("n"),
  /** The text of the columns, compressed by zlib, which adds a checksum. */
  data: attribute<Uint8Array>("d"),
} as const;

export interface ProfilePage {
  readonly pages: number;
  readonly profiles: readonly ProviderProfile[];
}

/** The page of a shard with `pages` pages on which the provider's profile is. */
export function pageNumberOf(provider: Uuid, pages: number): number {
  return Math.floor(shardOf(provider, SHARDS * pages) / SHARDS);
}

/**
 * How many pages the profiles of one shard take: a power of two. `pages` as it is now is kept
 * while it is enough and not far too much, since another number moves most profiles.
 */
export function pagesFor(profiles: readonly ProviderProfile[], pages: number | undefined): number {
  const bytes = profiles.reduce((sum, profile) => sum + sizeInColumns(profile), 0);
  const needed = Math.max(profiles.length / PROFILES_PER_PAGE, bytes / (MAX_CONTENT / 2), 1);
  const least = Math.min(MAX_PAGES, 2 ** Math.ceil(Math.log2(needed)));
  return pages !== undefined && pages >= least && pages <= 2 * least ? pages : least;
}

/** The first of `profiles` that fit; the others are on no page. */
export function profilePageItem(
  shard: number,
  page: number,
  { pages, profiles }: ProfilePage,
): Item {
  let room = MAX_CONTENT;
  const fitting = profiles.filter((profile) => {
    const size = sizeInColumns(profile);
    if (size > room) return false;
    room -= size;
    return true;
  });
  const data = Uint8Array.from(deflateSync(columnsText(fitting)));
  return { ...profilePageKey(shard, page), ...stored(attributes, { pages, data }) };
}

/** Undefined if it is no page that this release can read: nothing on it is used. */
export function profilePageOf(item: Item): ProfilePage | undefined {
  try {
    const pages: unknown = read(item, attributes.pages);
    if (!Number.isInteger(pages) || Number(pages) < 1 || Number(pages) > MAX_PAGES) {
      return undefined;
    }
    const text = inflateSync(read(item, attributes.data), { maxOutputLength: MAX_TEXT });
    return { pages: Number(pages), profiles: columnsOf(text.toString()) };
  } catch {
    return undefined;
  }
}
