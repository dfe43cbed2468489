import { FIRST_CUSTOM_ID } from "../../../../model/standard-classes.ts";
import { customNameOf } from "../../../items/custom-name.ts";
import type { Item } from "../../../table/item.ts";
import { type Finding, finding } from "../finding.ts";

/** A custom id without its name cannot be shown or requested. */
export function unknownIds(
  item: Item,
  ids: readonly number[],
  customNames: readonly Item[],
): Finding[] {
  const known = new Set(customNames.map((name) => customNameOf(name).id));
  return ids
    .filter((id) => id >= FIRST_CUSTOM_ID && !known.has(id))
    .map((id) => finding("unknown-id", `${item.sk} uses id ${id}, which has no name`, item));
}
