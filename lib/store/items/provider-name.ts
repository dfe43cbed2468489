/** A name guard: which provider has a name, so that no two have the same one. */
import { storedUuid, type Uuid } from "../../model/uuid.ts";
import type { Item, Key } from "../table/item.ts";
import { attribute, read, stored } from "./attributes.ts";
import { afterFirst, joined } from "./keys.ts";

export const NAME = "NAME";

export const nameKey = (name: string): Key => ({ pk: joined(NAME, name), sk: NAME });

export const providerName = { provider: attribute<Uuid>("p") } as const;

export function nameItem(name: string, provider: Uuid): Item {
  return { ...nameKey(name), ...stored(providerName, { provider }) };
}

export function providerOfName(item: Item): Uuid {
  return storedUuid(String(read(item, providerName.provider)));
}

/** The name that the key guards. */
export const guardedName = ({ pk }: Key): string => afterFirst(pk);
