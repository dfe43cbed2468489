/** The second phase: every item of a decided change is settled, then its record goes. */
import type { Key } from "../item.ts";
import type { RawTable } from "../raw-table.ts";
import { markOf } from "./marks.ts";
import { type ChangeRecord, keysOf, pageKey, recordKey, recordOf } from "./records.ts";
import { rollBack, rollForward } from "./settle.ts";

/** Items settled at a time. */
const WIDTH = 24;
/** Items read at a time. */
const PART = 400;

/**
 * Settles all items of a decided change and removes its pages and its record, in
 * this order: whoever dies on the way leaves a record from which to go on. There
 * is no waiting before the record goes: who meets a mark without a record reads
 * the item again and finds it settled.
 */
export async function finish(table: RawTable, id: string): Promise<void> {
  const found = await table.get(recordKey(id));
  if (found === undefined) return;
  const record = recordOf(found);
  if (record.state === "pending") throw new Error(`change ${id} is not decided`);
  for (let page = 0; page < record.pages; page += 1) {
    const keys = keysOf(await table.get(pageKey(id, page)));
    for (let from = 0; from < keys.length; from += PART) {
      await settle(table, record, keys.slice(from, from + PART));
    }
  }
  for (let page = 0; page < record.pages; page += 1) {
    await table.write({ kind: "delete", key: pageKey(id, page), when: [] });
  }
  await table.write({ kind: "delete", key: recordKey(id), when: [] });
}

async function settle(table: RawTable, record: ChangeRecord, keys: readonly Key[]): Promise<void> {
  const items = await table.batchGet(keys);
  const marked = items.flatMap((item) => {
    const mark = markOf(item);
    return item === undefined || mark?.change !== record.id ? [] : { item, mark };
  });
  const queue = marked.values();
  const worker = async () => {
    for (const { item, mark } of queue) {
      if (record.state === "committed") await rollForward(table, item, mark);
      else await rollBack(table, item, mark);
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
}
