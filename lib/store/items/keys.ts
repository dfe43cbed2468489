/** What all keys share. Each kind of item builds and parses its own: see `kinds.ts`. */
import type { Key } from "../table/item.ts";

/** DynamoDB's limits on keys, in bytes: a longer key cannot exist. */
const MAX_PK = 2048;
const MAX_SK = 1024;

export function fits(key: Key): boolean {
  return Buffer.byteLength(key.pk) <= MAX_PK && Buffer.byteLength(key.sk) <= MAX_SK;
}

/** Separates the parts of a key. */
const SEPARATOR = "#";

export const joined = (...parts: readonly (string | number)[]): string => parts.join(SEPARATOR);

/** The first part of a key: for most keys the word of the item's kind. */
export const firstPart = (text: string): string => text.split(SEPARATOR, 1)[0] ?? text;

/** Everything after the first part; it may contain separators itself. */
export const afterFirst = (text: string): string => text.slice(text.indexOf(SEPARATOR) + 1);
