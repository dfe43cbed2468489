/** The table's own item: its format. It is absent in a table of the first format, and in an empty one. */
import type { Item, Key } from "../table/item.ts";
import { NewerTableFormat } from "../table/refusals.ts";
import { attribute, read, stored } from "./attributes.ts";
import { joined } from "./keys.ts";

/** The word of all items that the table has about itself. */
export const META = "META";

export const META_KEY: Key = { pk: joined(META, "TABLE"), sk: META };

export const formatAttributes = { format: attribute<number | undefined>("format") } as const;

/** What this release writes. The number of shards is part of a format. */
export const FORMAT = 2;

/** Milliseconds that a function relies on the format that it has read. */
export const FORMAT_MAX_AGE = 60_000;

export function formatItem(format: number): Item {
  return { ...META_KEY, ...stored(formatAttributes, { format }) };
}

/** The format that the item names: tables of the first one have none. */
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
