/** A custom resource class or trait. */
import type { Item, Key } from "../table/item.ts";
import { attribute, read, stored } from "./attributes.ts";

export type NameKind = "CLASSES" | "TRAITS";

/** The partition of all names of a kind. */
export const customNamesPk = (kind: NameKind): string => kind;

export const customNameKey = (kind: NameKind, name: string): Key => ({
  pk: customNamesPk(kind),
  sk: name,
});

/** Undefined: the key is of another kind of item. */
export function nameKindOf({ pk }: Key): NameKind | undefined {
  return pk === "CLASSES" || pk === "TRAITS" ? pk : undefined;
}

export const customName = {
  id: attribute<number>("id"),
  /** Number of providers that use it. */
  users: attribute<number>("users"),
  created: attribute<number>("created"),
  updated: attribute<number>("updated"),
  /** Rises with every use that begins or ends; absent until the first. */
  version: attribute<number | undefined>("version"),
} as const;

export interface CustomName {
  readonly name: string;
  readonly id: number;
  /** Number of providers that use it. */
  readonly users: number;
  readonly created: number;
  readonly updated: number;
}

/** The item of a new name, before its first use. */
export function customNameItem(kind: NameKind, { name, ...given }: CustomName): Item {
  return { ...customNameKey(kind, name), ...stored(customName, given) };
}

export function customNameOf(item: Item): CustomName {
  return {
    name: item.sk,
    id: read(item, customName.id),
    users: read(item, customName.users),
    created: read(item, customName.created),
    updated: read(item, customName.updated),
  };
}
