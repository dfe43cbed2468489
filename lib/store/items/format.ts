/** The table's own item: its format. It is absent in a table of the first format, and in an empty one. */
import type { Item, Key } from "../table/item.ts";
import { NewerTableFormat } from "../table/refusals.ts";

export const META_KEY: Key = { pk: "META#TABLE", sk: "META" };

/** What this release writes. The number of shards is part of a format. */
export const FORMAT = 2;

/** Partitions over which providers are spread, in tables of formats 1 and 2. */
export const SHARDS = 32;

/** Milliseconds that a function relies on the format that it has read. */
export const FORMAT_MAX_AGE = 60_000;

/**
 * The format that the item tells; undefined if there is no item.
 * @throws NewerTableFormat
 */
export function formatOf(item: Item | undefined): number | undefined {
  if (item === undefined) return undefined;
  const format = Number(item["format"] ?? 1);
  if (format > FORMAT) throw new NewerTableFormat(format, FORMAT);
  return format;
}
