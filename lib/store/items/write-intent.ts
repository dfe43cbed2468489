/**
 * Write intents: an item has one while a large change of the item is undecided or not yet
 * carried out. The intent has the id of the change and the item's after-image. If the item
 * does not exist yet, a placeholder has the intent and nothing else.
 */

import { INTENT, INTENT_CHANGE } from "../table/expressions.ts";
import type { Item } from "../table/item.ts";
import { attribute, read, stored } from "./attributes.ts";

export interface WriteIntent {
  /** The change's id. */
  readonly change: string;
  /** The after-image; undefined: the change deletes the item. */
  readonly after: Item | undefined;
  /** No item existed before: this one is a placeholder. */
  readonly placeholder: boolean;
}

const intent = attribute<Readonly<Record<string, unknown>> | undefined>(INTENT);

/** The attribute's parts have short names, since it is written into every item of a change. */
const parts = {
  change: attribute<string>(INTENT_CHANGE[1]),
  after: attribute<Item | undefined>("a"),
  /** 1 if no item existed before. */
  placeholder: attribute<1 | undefined>("p"),
} as const;

export function intentAttribute({
  change,
  after,
  placeholder,
}: WriteIntent): Record<string, unknown> {
  return stored(parts, { change, after, placeholder: placeholder ? 1 : undefined });
}

/** Locks an item whose after-image is not determined yet. */
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

/** `before` with a write intent. */
export function withIntent(before: Item, given: WriteIntent): Item {
  return { ...before, [INTENT]: intentAttribute(given) };
}

/** The item without its intent, a placeholder too. */
export function withoutIntent({ [INTENT]: _, ...item }: Item): Item {
  return item as Item;
}

/** The item as it was before the change; undefined for a placeholder. */
export function beforeImage(item: Item, found: WriteIntent): Item | undefined {
  return found.placeholder ? undefined : withoutIntent(item);
}
