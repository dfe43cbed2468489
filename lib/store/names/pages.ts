/** Pages of custom classes or traits, by name. */
import type { CustomName, NameKind } from "../items/custom-name.ts";
import { customNameOf, customNamesPk } from "../items/custom-name.ts";
import type { Reader } from "../table/reader.ts";

/** Reads of one page at most: this bounds the search for a rare name among many. */
const MAX_READS = 200;

export interface NamesPage {
  readonly limit: number;
  /** Only names that sort after it. */
  readonly after: string | undefined;
  passes(name: CustomName): boolean;
}

export interface NamesFound {
  readonly names: readonly string[];
  /** The name to go on after; undefined on the last page. */
  readonly next: string | undefined;
}

/**
 * At most `limit` names that pass. A page may be shorter and still have a next one, if few names
 * pass.
 */
export async function customNamesPage(
  reader: Reader,
  kind: NameKind,
  { limit, after: first, passes }: NamesPage,
): Promise<NamesFound> {
  const names: string[] = [];
  let after = first;
  for (let read = 0; read < MAX_READS; read += 1) {
    // One more than `limit` shows whether there is a next page.
    const options = { limit: limit + 1, ...(after === undefined ? {} : { after }) };
    const items = await reader.query(customNamesPk(kind), options);
    for (const [index, item] of items.entries()) {
      const custom = customNameOf(item);
      after = custom.name;
      if (passes(custom)) names.push(custom.name);
      const more = index < items.length - 1 || items.length > limit;
      if (names.length === limit) return { names, next: more ? after : undefined };
    }
    if (items.length <= limit) return { names, next: undefined };
  }
  return { names, next: after };
}
