/** The item with the table's format. It is absent in a table of format 1, and in an empty one. */
import type { Item, Key } from "../table/item.ts";
import { NewerTableFormat } from "../table/refusals.ts";
import { attribute, read, stored } from "./attributes.ts";
import { joined } from "./keys.ts";

/** The partition key of the items about the table itself. */
export const META = "META";

export const META_KEY: Key = { pk: joined(META, "TABLE"), sk: META };

export const formatAttributes = { format: attribute<number | undefined>("format") } as const;

/** The format that this release writes. A format fixes the number of shards. */
export const FORMAT = 2;

/** Milliseconds for which a function relies on the format that it has read. */
export const FORMAT_MAX_AGE = 60_000;

export function formatItem(format: number): Item {
  return { ...META_KEY, ...stored(formatAttributes, { format }) };
}

/** The format that the item contains: tables of format 1 have none. */
export function formatNumber(item: Item | undefined): number {
  return Number((item && read(item, formatAttributes.format)) ?? 1);
}

/**
 * The format of the table; undefined if there is no item.
 * @throws NewerTableFormat
 */
export function formatOf(item: Item | undefined): number | undefined {
  if (item === undefined) return undefined;
  const format = formatNumber(item);
  if (format > FORMAT) throw new NewerTableFormat(format, FORMAT);
  return format;
}
