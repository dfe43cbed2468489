/** Pages of all classes or traits: standard ones in the order of the built-in list, then custom ones by name. */
import { CUSTOM_NAME } from "../../lib/api/schemas.ts";
import type { NameKind } from "../../lib/store/items/custom-name.ts";
import { customNamesPage, type NamesFound } from "../../lib/store/names/pages.ts";
import type { Reader } from "../../lib/store/table/reader.ts";
import { notOfThisList, type PageRequest } from "./paging.ts";

/** A position in such a list is a name. */
export const NAME_PLACE = /^[A-Z0-9_]{1,255}$/;

export interface NamesList {
  readonly kind: NameKind;
  /** Names and ids, in their order. */
  readonly standard: ReadonlyMap<string, number>;
  passes(name: string, id: number): boolean;
}

/** @throws InvalidQuery if the page begins after a name that this list cannot have */
export async function namesPage(
  reader: Reader,
  list: NamesList,
  { limit, after }: PageRequest,
): Promise<NamesFound> {
  const standard = standardAfter(list, after);
  const names = standard.slice(0, limit);
  if (standard.length > limit) return { names, next: names.at(-1) };
  // Where standard names fill the page, one custom name shows whether there is a next page.
  const rest = Math.max(limit - names.length, 1);
  const custom = await customNamesPage(reader, list.kind, {
    limit: rest,
    after: after !== undefined && CUSTOM_NAME.test(after) ? after : undefined,
    passes: ({ name, id }) => list.passes(name, id),
  });
  if (names.length < limit) return { names: [...names, ...custom.names], next: custom.next };
  const more = custom.names.length > 0 || custom.next !== undefined;
  return { names, next: more ? names.at(-1) : undefined };
}

function standardAfter({ standard, passes }: NamesList, after: string | undefined): string[] {
  if (after !== undefined && CUSTOM_NAME.test(after)) return [];
  const all = [...standard];
  const index = all.findIndex(([name]) => name === after);
  if (after !== undefined && index === -1) throw notOfThisList();
  return all
    .slice(index + 1)
    .filter(([name, id]) => passes(name, id))
    .map(([name]) => name);
}
