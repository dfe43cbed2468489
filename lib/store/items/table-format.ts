/** The item with the table's format. It is absent in a table of format 1, and in an empty one. */
import type { Item, Key } from "../table/item.ts";
import { NewerTableFormat, UnfinishedLoad } from "../table/refusals.ts";
import { attribute, read, stored } from "./attributes.ts";
import { joined } from "./keys.ts";

/** The partition key of the items about the table itself. */
export const META = "META";

export const META_KEY: Key = { pk: joined(META, "TABLE"), sk: META };

export const formatAttributes = {
  format: attribute<number | undefined>("format"),
  /**
   * In format 1: milliseconds since 1970, when the upgrade has found no head any more that
   * names providers.
   */
  quiet: attribute<number | undefined>("quiet"),
  /** Milliseconds since 1970: when the format was raised, until the upgrade is complete. */
  raised: attribute<number | undefined>("raised"),
  /**
   * Another one after each restore, since generations and ids of consumers may occur twice then;
   * absent before the first.
   */
  epoch: attribute<string | undefined>("epoch"),
  /** While a dump is loaded: its SHA-256. */
  loading: attribute<string | undefined>("loading"),
} as const;

/** No release knows it: the format of a table while a dump is loaded. */
const LOADING_FORMAT = 1_000_000;

/** In place of the format, until all items of the dump are loaded. */
export function loadingItem(loading: string): Item {
  return { ...META_KEY, ...stored(formatAttributes, { format: LOADING_FORMAT, loading }) };
}

/** The SHA-256 of the dump that is being loaded. */
export function loadingOf(item: Item | undefined): string | undefined {
  return item && read(item, formatAttributes.loading);
}

/** A table of this format may have no item that says so. */
export const FIRST_FORMAT = 1;

/** The format that this release writes, unless a table has an older one. A format fixes the number of shards. */
export const FORMAT = 2;

/** Milliseconds for which a function relies on the format that it has read. */
export const FORMAT_MAX_AGE = 60_000;

export function formatItem(format: number): Item {
  return { ...META_KEY, ...stored(formatAttributes, { format }) };
}

/** The format that the item contains: tables of format 1 have none. */
export function formatNumber(item: Item | undefined): number {
  return Number((item && read(item, formatAttributes.format)) ?? FIRST_FORMAT);
}

/**
 * The format of the table; undefined if there is no item.
 * @throws NewerTableFormat, UnfinishedLoad
 */
export function formatOf(item: Item | undefined): number | undefined {
  if (item === undefined) return undefined;
  if (loadingOf(item) !== undefined) throw new UnfinishedLoad();
  const format = formatNumber(item);
  if (format > FORMAT) throw new NewerTableFormat(format, FORMAT);
  return format;
}
