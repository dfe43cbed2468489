/**
 * Marks: what an item carries while a change that touches it is undecided or
 * not yet carried out. A mark names the change and holds the item's image after
 * it. An item that is yet absent is marked by a placeholder, which has a mark and
 * nothing else.
 */

import { MARK } from "../table/expressions.ts";
import type { Item } from "../table/item.ts";

export interface Mark {
  /** The change's id. */
  readonly change: string;
  /** The item afterwards; undefined: there is none. */
  readonly after: Item | undefined;
  /** There was no item before: this one is a placeholder. */
  readonly placeholder: boolean;
}

/** The attribute; its names are short, since it is written into every item of a change. */
export function markAttribute({ change, after, placeholder }: Mark): Record<string, unknown> {
  return {
    c: change,
    ...(after === undefined ? {} : { a: after }),
    ...(placeholder ? { p: 1 } : {}),
  };
}

export function markOf(item: Item | undefined): Mark | undefined {
  const stored = item?.[MARK] as Record<string, unknown> | undefined;
  if (stored === undefined) return undefined;
  return {
    change: stored["c"] as string,
    after: stored["a"] as Item | undefined,
    placeholder: stored["p"] !== undefined,
  };
}

/** The marked item as it was before the change; undefined for a placeholder. */
export function beforeImage(item: Item, mark: Mark): Item | undefined {
  if (mark.placeholder) return undefined;
  const { [MARK]: _, ...before } = item;
  return before as Item;
}
