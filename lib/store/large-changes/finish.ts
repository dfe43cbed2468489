/** The second phase: every item of a decided change is resolved, then its record is removed. */

import { keysOf, pageKey } from "../items/change-page.ts";
import { type ChangeRecord, recordKey, recordOf } from "../items/change-record.ts";
import { intentOf } from "../items/write-intent.ts";
import type { Key } from "../table/item.ts";
import { inParallel } from "../table/parallel.ts";
import { isOutOfTime } from "../table/retry.ts";
import type { RawTable } from "../table/table.ts";
import { Transaction } from "../table/transaction.ts";
import { indexing, readCommitIndex } from "./commit-index.ts";
import { ending, stillCommitted } from "./records.ts";
import { rollBack, rollForward } from "./resolve.ts";

type OnResolved = (key: Key) => void;

/** Items read at a time. */
const PART = 400;

/**
 * Resolves all items of a decided change, then removes its pages and its record, in this
 * order: if the function crashes, the record remains and others can continue. Stops at the
 * deadline.
 * @param resolved called with the key of each resolved item
 * @returns whether the change is over
 * @throws Busy
 */
export async function finish(
  table: RawTable,
  id: string,
  resolved: OnResolved = () => undefined,
): Promise<boolean> {
  const found = await table.get(recordKey(id));
  if (found === undefined) return true;
  const record = recordOf(found);
  if (record.state === "pending") throw new Error(`change ${id} is not decided`);
  if (record.state === "committed" && !(await ensureIndexed(table, id))) return true;
  for (let page = 0; page < record.pages; page += 1) {
    const keys = keysOf(await table.get(pageKey(id, page)));
    for (let from = 0; from < keys.length; from += PART) {
      if (isOutOfTime(table.context)) return false;
      const part = keys.slice(from, from + PART);
      if (!(await resolve({ table, record, resolved }, part))) return false;
    }
  }
  for (let page = 0; page < record.pages; page += 1) {
    await table.write({ kind: "delete", key: pageKey(id, page), when: [] });
  }
  await new Transaction(table.connection, table.context, ending(record)).send();
  return true;
}

/**
 * Makes sure that the change is in the commit index before its first item is resolved:
 * otherwise readers would see only some of its items changed.
 * @returns whether items remain to be resolved
 */
async function ensureIndexed(table: RawTable, id: string): Promise<boolean> {
  if ((await readCommitIndex(table)).has(id)) return true;
  const writes = [stillCommitted(id), indexing(id)];
  const sent = await new Transaction(table.connection, table.context, writes).send();
  return sent.kind === "done";
}

/** @returns whether there was time for all of them */
async function resolve(
  { table, record, resolved }: { table: RawTable; record: ChangeRecord; resolved: OnResolved },
  keys: readonly Key[],
): Promise<boolean> {
  const items = await table.batchGet(keys);
  const withIntent = items.flatMap((item) => {
    const intent = intentOf(item);
    return item === undefined || intent?.change !== record.id ? [] : { item, intent };
  });
  let whole = true;
  await inParallel(withIntent, async ({ item, intent }) => {
    if (isOutOfTime(table.context)) {
      whole = false;
      return;
    }
    if (record.state === "committed") await rollForward(table, item, intent);
    else await rollBack(table, item, intent);
    resolved(item);
  });
  return whole;
}
