/** The positions of a walk through the whole table, as opaque markers. */

import type { Key } from "../table/item.ts";
import { fits } from "./keys.ts";

/**
 * UTF-16 where it is shorter: project ids have 255 code units at most, so that a marker of any key has less than
 * 1,024 characters.
 */
const ENCODINGS = ["utf8", "utf16le"] as const;

/** The length of the partition key, the partition key and the sort key. Both may have any character. */
const POSITION = /^(\d{1,4}):/;

/** The first byte says which encoding the others have. */
export function walkMarker({ pk, sk }: Key): string {
  const text = `${pk.length}:${pk}${sk}`;
  const [first, ...others] = ENCODINGS.map((encoding, index) =>
    Buffer.concat([Buffer.of(index), Buffer.from(text, encoding)]),
  );
  const shortest = others.reduce((a, b) => (b.length < a.length ? b : a), first ?? Buffer.of());
  return shortest.toString("base64url");
}

/** Undefined: no such marker was ever given. */
export function walkPosition(marker: string): Key | undefined {
  const bytes = Buffer.from(marker, "base64url");
  const encoding = ENCODINGS[bytes[0] ?? ENCODINGS.length];
  if (encoding === undefined) return undefined;
  const text = bytes.subarray(1).toString(encoding);
  const found = POSITION.exec(text);
  if (found === null) return undefined;
  const start = found[0].length;
  const end = start + Number(found[1]);
  const key = { pk: text.slice(start, end), sk: text.slice(end) };
  const isKey = key.pk !== "" && key.sk !== "" && fits(key);
  return isKey && walkMarker(key) === marker ? key : undefined;
}
