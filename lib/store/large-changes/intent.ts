/**
 * Marks: what an item carries while a change that touches it is undecided or
 * not yet carried out. A mark names the change and holds the item's image after
 * it. An item that is yet absent is marked by a placeholder, which has a mark and
 * nothing else.
 */

import { INTENT } from "../table/expressions.ts";
import type { Item } from "../table/item.ts";

export interface WriteIntent {
  /** The change's id. */
  readonly change: string;
  /** The item afterwards; undefined: there is none. */
  readonly after: Item | undefined;
  /** There was no item before: this one is a placeholder. */
  readonly placeholder: boolean;
}

/** The attribute; its names are short, since it is written into every item of a change. */
export function intentAttribute({
  change,
  after,
  placeholder,
}: WriteIntent): Record<string, unknown> {
  return {
    c: change,
    ...(after === undefined ? {} : { a: after }),
    ...(placeholder ? { p: 1 } : {}),
  };
}

export function intentOf(item: Item | undefined): WriteIntent | undefined {
  const stored = item?.[INTENT] as Record<string, unknown> | undefined;
  if (stored === undefined) return undefined;
  return {
    change: stored["c"] as string,
    after: stored["a"] as Item | undefined,
    placeholder: stored["p"] !== undefined,
  };
}

/** The marked item as it was before the change; undefined for a placeholder. */
export function beforeImage(item: Item, intent: WriteIntent): Item | undefined {
  if (intent.placeholder) return undefined;
  const { [INTENT]: _, ...before } = item;
  return before as Item;
}
