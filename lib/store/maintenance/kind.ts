/** The kind of an item, by its key: see docs/architecture.md, "The table". */
import type { Key } from "../table/item.ts";

/** `CONSUMER` of `CONSUMER#<consumer>`. */
export function kindOf({ pk }: Key): string {
  return pk.split("#", 1)[0] ?? pk;
}
