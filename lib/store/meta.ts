/** The table's own item: its format. It is absent in a table of the first format. */
import type { Item, Key } from "./item.ts";
import { NewerTableFormat } from "./refusals.ts";

export const META_KEY: Key = { pk: "META#TABLE", sk: "META" };

/** What this release reads and writes. The number of shards is part of a format. */
export const FORMAT = 1;

/** Partitions over which providers are spread, in tables of format 1. */
export const SHARDS = 32;

/** @throws NewerTableFormat */
export function checkFormat(item: Item | undefined): void {
  const format = Number(item?.["format"] ?? FORMAT);
  if (format > FORMAT) throw new NewerTableFormat(format, FORMAT);
}
