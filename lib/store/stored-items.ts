/** The items as they are stored, for verification: write intents are not resolved. */
import type { StoredItems } from "./maintenance-store.ts";
import type { Item, Key } from "./table/item.ts";
import type { RawTable } from "./table/table.ts";

const MAX_PAGES = 2_000;

/** @param ready resolves when the format allows reads */
export function storedItems(table: RawTable, ready: () => Promise<unknown>): StoredItems {
  return {
    async batchGet(keys) {
      await ready();
      return table.batchGet(keys);
    },
    async quiescent(keys) {
      await ready();
      return table.quiescent(keys);
    },
    async query(pk) {
      await ready();
      const found: Item[] = [];
      let start: Key | undefined;
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const { items, next } = await table.queryPage(pk, {}, start);
        found.push(...items);
        if (next === undefined) return found;
        start = next;
      }
      throw new Error(`a query of ${pk} passed ${MAX_PAGES} pages`);
    },
    async scan(after, limit) {
      await ready();
      return table.scan(after, limit);
    },
  };
}
