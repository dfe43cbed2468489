/** The version of all custom names, and the next id. */
import { FIRST_CUSTOM_ID } from "../../model/standard-classes.ts";
import type { Item, Key } from "../table/item.ts";
import { attribute, read, stored } from "./attributes.ts";

export const NAMES = "NAMES";

export const NAMES_KEY: Key = { pk: NAMES, sk: NAMES };

export const allNames = {
  /** Rises with each name that is created, renamed or deleted. */
  version: attribute<number>("version"),
  next: attribute<number>("next"),
} as const;

export interface NamesState {
  /** Undefined if the item is absent. */
  readonly version: number | undefined;
  readonly nextId: number;
}

export function namesItem(version: number, nextId: number): Item {
  return { ...NAMES_KEY, ...stored(allNames, { version, next: nextId }) };
}

export function namesOf(item: Item | undefined): NamesState {
  return {
    version: item && read(item, allNames.version),
    nextId: (item && read(item, allNames.next)) ?? FIRST_CUSTOM_ID,
  };
}
