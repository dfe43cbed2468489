/** Removes attempts of ended processes: each leaves as many as it had transactions at once. */

import { ATTEMPTS, processOf } from "../items/attempt.ts";
import type { Connection } from "../table/connection.ts";
import type { Key } from "../table/item.ts";
import { inParallel } from "../table/parallel.ts";
import { isOutOfTime, type RetryContext } from "../table/retry.ts";
import { RawTable } from "../table/table.ts";

const MAX_PAGES = 1_000;

/**
 * Only while no other process writes the table: an attempt that is removed before its process
 * ended no longer protects a transaction from being applied again.
 * @returns how many were removed
 * @throws Busy
 */
export async function removeOldAttempts(
  connection: Connection,
  context: RetryContext,
): Promise<number> {
  const table = new RawTable(connection, context, new Set(["Query", "DeleteItem"]));
  const own = connection.attempts?.items.process;
  let removed = 0;
  let start: Key | undefined;
  for (let page = 0; page < MAX_PAGES && !isOutOfTime(context); page += 1) {
    const { items, next } = await table.queryPage(ATTEMPTS, {}, start);
    const old = items.filter((item) => {
      const process = processOf(item);
      return process !== undefined && process !== own;
    });
    await inParallel(old, async ({ pk, sk }) => {
      await table.write({ kind: "delete", key: { pk, sk }, when: [] });
    });
    removed += old.length;
    start = next;
    if (start === undefined) break;
  }
  return removed;
}
