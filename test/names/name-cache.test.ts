/** What requests of one function share of the custom names. */
import { expect, test } from "vitest";
import { NameCache } from "../../lib/store/cache/names.ts";
import { NAMES_KEY } from "../../lib/store/items/names.ts";
import type { Store } from "../../lib/store/store.ts";
import type { Item } from "../../lib/store/table/item.ts";

/** A store whose names stand at `version`; its list comes when it is told to. */
function storeAt(version: number, names: readonly string[]) {
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
  const store = { get: async () => ({ ...NAMES_KEY, version }), query } as unknown as Store;
  return { store, asked, answer: () => answer(items) };
}

test("a request sees the names that it has read, though an older reading ends beside it", async () => {
  const cache = new NameCache();
  const older = storeAt(1, []);
  const newer = storeAt(2, ["CUSTOM_NEW"]);
  const needed = { names: ["CUSTOM_NEW"] };
  const before = cache.classes(older.store, needed);
  const after = cache.classes(newer.store, needed);
  await Promise.all([older.asked, newer.asked]);
  newer.answer();
  older.answer();
  expect((await after).idOf("CUSTOM_NEW")).toBe(65_536);
  expect((await before).idOf("CUSTOM_NEW")).toBeUndefined();
});
