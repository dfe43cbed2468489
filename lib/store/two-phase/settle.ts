/**
 * Settling: carrying out on an item what the record of the change that marked it
 * has decided. Anybody may do it, any number of times: each write is conditional
 * on the mark.
 */
import type { Item } from "../item.ts";
import type { RawTable } from "../raw-table.ts";
import { MARK, remove, type Write } from "../write.ts";
import { decide } from "./decide.ts";
import { type Mark, markOf } from "./marks.ts";
import { recordKey, recordOf } from "./records.ts";

/**
 * Settles an item that stands in the way of a write, if its change is decided or
 * can be: an expired one is aborted. One that is still under way is left alone.
 */
export async function settleMarked(table: RawTable, item: Item): Promise<void> {
  const mark = markOf(item);
  if (mark === undefined) return;
  const found = await table.get(recordKey(mark.change));
  // A record goes only after the last mark: the item is settled by now.
  if (found === undefined) return;
  const record = recordOf(found);
  if (record.state === "committed") {
    await rollForward(table, item, mark);
    return;
  }
  if (record.state === "pending") {
    if (table.context.clock.now() <= record.expires) return;
    if ((await decide(table, mark.change, "aborted")) !== "aborted") return;
  }
  await rollBack(table, item, mark);
}

/** The item as the change leaves it. */
export async function rollForward(table: RawTable, item: Item, mark: Mark): Promise<void> {
  const { pk, sk } = item;
  const when = { when: [], marked: mark.change } as const;
  const write: Write =
    mark.after === undefined
      ? { kind: "delete", key: { pk, sk }, ...when }
      : { kind: "put", item: mark.after, ...when };
  await table.write(write);
}

/** The item as it was. */
export async function rollBack(table: RawTable, item: Item, mark: Mark): Promise<void> {
  const { pk, sk } = item;
  const when = { when: [], marked: mark.change } as const;
  const write: Write = mark.placeholder
    ? { kind: "delete", key: { pk, sk }, ...when }
    : { kind: "update", key: { pk, sk }, changes: [remove([MARK])], ...when };
  await table.write(write);
}
