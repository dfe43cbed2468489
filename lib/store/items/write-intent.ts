/**
 * Marks: what an item carries while a change that touches it is undecided or
 * not yet carried out. A mark names the change and holds the item's image after
 * it. An item that is yet absent is marked by a placeholder, which has a mark and
 * nothing else.
 */

import { INTENT, INTENT_CHANGE } from "../table/expressions.ts";
import type { Item } from "../table/item.ts";
import { attribute, read, stored } from "./attributes.ts";

export interface WriteIntent {
  /** The change's id. */
  readonly change: string;
  /** The item afterwards; undefined: there is none. */
  readonly after: Item | undefined;
  /** There was no item before: this one is a placeholder. */
  readonly placeholder: boolean;
}

const intent = attribute<Readonly<Record<string, unknown>> | undefined>(INTENT);

/** Parts of the attribute; their names are short, since it is written into every item of a change. */
const parts = {
  change: attribute<string>(INTENT_CHANGE[1]),
  after: attribute<Item | undefined>("a"),
  /** 1 where there was no item before. */
  placeholder: attribute<1 | undefined>("p"),
} as const;

export function intentAttribute({
  change,
  after,
  placeholder,
}: WriteIntent): Record<string, unknown> {
  return stored(parts, { change, after, placeholder: placeholder ? 1 : undefined });
}

/** Locks an item whose image is yet to be worked out. */
export function lockAttribute(change: string): Record<string, unknown> {
  return stored(parts, { change });
}

export function intentOf(item: Item | undefined): WriteIntent | undefined {
  const found = item && read(item, intent);
  if (found === undefined) return undefined;
  return {
    change: read(found, parts.change),
    after: read(found, parts.after),
    placeholder: read(found, parts.placeholder) !== undefined,
  };
}

/** The marked item as it was before the change; undefined for a placeholder. */
export function beforeImage(item: Item, found: WriteIntent): Item | undefined {
  if (found.placeholder) return undefined;
  const { [INTENT]: _, ...before } = item;
  return before as Item;
}
