/**
 * Gives an empty table the format of this release: the first write does so, unless the table
 * was created with the format. A table of an older release is upgraded in
 * `maintenance/upgrade-table.ts`.
 */
import { IDLE_PARTITIONS, idlePk } from "../items/idle-consumer.ts";
import { NAMES_KEY } from "../items/names.ts";
import { OLD_HEADS } from "../items/old-head.ts";
import { SHARDS, shardPk } from "../items/shard.ts";
import { LOGS, logKey } from "../items/shard-log.ts";
import { FIRST_FORMAT, FORMAT, formatItem, formatOf, META_KEY } from "../items/table-format.ts";
import type { Connection } from "../table/connection.ts";
import { absent, toTransactItem, type Write } from "../table/expressions.ts";
import { inParallel } from "../table/parallel.ts";
import { Busy, UnknownOutcome } from "../table/refusals.ts";
import type { RawTable } from "../table/table.ts";
import { Transaction } from "../table/transaction.ts";
import { resetting } from "./log-updates.ts";

/**
 * The format, and shard logs without entries, in one transaction: readers then read
 * everything again, even if they have cached views.
 */
export function formatWrites(meta: Write): Write[] {
  const logs = Array.from({ length: LOGS }, (_, number): Write => {
    return { kind: "update", key: logKey(number), ...resetting() };
  });
  return [meta, ...logs];
}

const first: Write = { kind: "put", item: formatItem(FORMAT), when: [absent("pk")] };

/** For a table that was just created; another process may write the format first. */
export async function establishNew({ client, tableName }: Connection): Promise<void> {
  const TransactItems = formatWrites(first).map((write) => toTransactItem(write, tableName));
  // If it fails, the first write does it.
  await client.send("TransactWriteItems", { TransactItems }).catch(() => undefined);
}

/**
 * The format in which the table is written: an empty table gets that of this release.
 * @throws NewerTableFormat, Busy
 */
export async function establish(table: RawTable): Promise<number> {
  const before = formatOf(await table.get(META_KEY));
  if (before !== undefined) return before;
  if (!(await isEmpty(table))) {
    // Another request may have written the format and more in the meantime.
    return formatOf(await table.get(META_KEY)) ?? FIRST_FORMAT;
  }
  await new Transaction(table.connection, table.context, formatWrites(first))
    .send()
    .catch((error: unknown) => {
      // Nothing of the request itself was written.
      throw error instanceof UnknownOutcome ? (error.cause ?? new Busy()) : error;
    });
  if (formatOf(await table.get(META_KEY)) !== FORMAT) throw new Busy();
  return FORMAT;
}

/** The table's format; undefined if the table was never written. */
export async function tableFormat(table: RawTable): Promise<number | undefined> {
  const format = formatOf(await table.get(META_KEY));
  return format ?? ((await isEmpty(table)) ? undefined : FIRST_FORMAT);
}

/**
 * A table that was ever written has items in one of these partitions. The partitions of
 * format 1 come first, since every change of a provider left a head there.
 */
const CONTENT = [
  [...OLD_HEADS, NAMES_KEY.pk],
  [
    ...Array.from({ length: SHARDS }, (_, shard) => shardPk(shard)),
    ...Array.from({ length: IDLE_PARTITIONS }, (_, partition) => idlePk(partition)),
  ],
];

/** Stops at the first item: it runs for each refused write to an older table. */
async function isEmpty(table: RawTable): Promise<boolean> {
  let empty = true;
  for (const partitions of CONTENT) {
    await inParallel(partitions, async (pk) => {
      if (!empty) return;
      const { items } = await table.queryPage(pk, { limit: 1 }, undefined);
      if (items.length > 0) empty = false;
    });
  }
  return empty;
}
