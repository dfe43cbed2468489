/** What requests of one function share of the custom names. */
import { expect, test } from "vitest";
import { NameCache } from "../../lib/store/cache/names.ts";
import { NAMES_KEY } from "../../lib/store/items/names.ts";
import type { Item } from "../../lib/store/table/item.ts";
import type { Reader } from "../../lib/store/table/reader.ts";

/** A reader whose names have `version`; its list is returned after `answer`. */
function readerAt(version: number, names: readonly string[]) {
  const items = names.map((sk, index) => ({ pk: "CLASSES", sk, id: 65_536 + index }));
  let answer = (_: Item[]) => {};
  const list = new Promise<Item[]>((resolve) => {
    answer = resolve;
  });
  let ask = () => {};
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const query = () => {
    ask();
    return list;
  };
  const reader = { get: async () => ({ ...NAMES_KEY, version }), query } as unknown as Reader;
  return { reader, asked, answer: () => answer(items) };
}

test("a request sees the names that it has read, though an older reading ends beside it", async () => {
  const cache = new NameCache();
  const older = readerAt(1, []);
  const newer = readerAt(2, ["CUSTOM_NEW"]);
  const needed = { names: ["CUSTOM_NEW"] };
  const before = cache.directory(older.reader, "CLASSES", needed);
  const after = cache.directory(newer.reader, "CLASSES", needed);
  await Promise.all([older.asked, newer.asked]);
  newer.answer();
  older.answer();
  expect((await after).idOf("CUSTOM_NEW")).toBe(65_536);
  expect((await before).idOf("CUSTOM_NEW")).toBeUndefined();
});
