/** A page of a large change: keys of items that the change writes. */
import type { Item, Key } from "../table/item.ts";
import { attribute, read, stored } from "./attributes.ts";
import { CHANGE, RECORD_PREFIX } from "./change-record.ts";
import { afterFirst, joined } from "./keys.ts";

/** Digits of a page's number: the text sorts as the number does. */
const DIGITS = 4;

/**
 * Bytes of keys on a page: a page is one item, of 400 KB at most; a key has up to 3 KB, but
 * seldom 100 bytes.
 */
const PAGE_BYTES = 200_000;

export const pageKey = (id: string, page: number): Key => ({
  pk: joined(CHANGE, id),
  sk: joined("PAGE", String(page).padStart(DIGITS, "0")),
});

export const isPage = ({ pk }: Key): boolean => pk.startsWith(RECORD_PREFIX);

/** The id of the change that the key of a page names. */
export const changeOfPage = ({ pk }: Key): string => afterFirst(pk);

const attributes = {
  keys: attribute<readonly (readonly [pk: string, sk: string])[] | undefined>("k"),
} as const;

export function pageItem(id: string, page: number, keys: readonly Key[]): Item {
  return withKeys(pageKey(id, page), keys);
}

/** The page with other keys. */
export function withKeys({ pk, sk }: Key, keys: readonly Key[]): Item {
  const pairs = keys.map((key) => [key.pk, key.sk] as const);
  return { pk, sk, ...stored(attributes, { keys: pairs }) };
}

export function keysOf(page: Item | undefined): Key[] {
  const pairs = (page && read(page, attributes.keys)) ?? [];
  return pairs.map(([pk, sk]) => ({ pk, sk }));
}

/** `keys`, on as many pages as they need. */
export function pagesOf(keys: readonly Key[]): (readonly Key[])[] {
  const pages: Key[][] = [];
  let room = 0;
  for (const { pk, sk } of keys) {
    const bytes = Buffer.byteLength(pk) + Buffer.byteLength(sk) + 16;
    if (pages.length === 0 || bytes > room) {
      pages.push([]);
      room = PAGE_BYTES;
    }
    pages.at(-1)?.push({ pk, sk });
    room -= bytes;
  }
  return pages;
}
