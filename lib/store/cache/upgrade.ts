/**
 * How a table comes to have the format of this release. An empty one is given it by
 * whoever writes first; one that an older release has written, by an operator, while
 * nothing writes it: functions of that release would go on raising the heads that only
 * they know.
 */

import { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { read } from "../items/attributes.ts";
import { IDLE_PARTITIONS, idlePk } from "../items/idle-consumer.ts";
import { NAMES_KEY } from "../items/names.ts";
import { OLD_HEADS } from "../items/old-head.ts";
import { SHARDS, shardPk } from "../items/shard.ts";
import { LOGS, logKey } from "../items/shard-log.ts";
import { FORMAT, formatAttributes, formatItem, formatOf, META_KEY } from "../items/table-format.ts";
import type { Connection } from "../table/connection.ts";
import { absent, equals, set, toTransactItem, type Write } from "../table/expressions.ts";
import type { Item, Key } from "../table/item.ts";
import { inParallel } from "../table/parallel.ts";
import { Busy, OlderTableFormat, UnknownOutcome } from "../table/refusals.ts";
import { isOutOfTime } from "../table/retry.ts";
import type { RawTable } from "../table/table.ts";
import { Transaction } from "../table/transaction.ts";
import { resetting } from "./shard-log.ts";

export interface UpgradeReport {
  /** The format before. */
  readonly from: number;
  readonly format: number;
  /** Items of the older format that were removed. */
  readonly removed: number;
  /** Whether nothing of the older format is left. */
  readonly complete: boolean;
}

/**
 * The format, and logs that name nobody, at one moment: whatever a reader held before, it
 * reads everything again.
 */
function formatWrites(meta: Write): Write[] {
  const logs = Array.from({ length: LOGS }, (_, number): Write => {
    return { kind: "update", key: logKey(number), ...resetting() };
  });
  return [meta, ...logs];
}

const first: Write = { kind: "put", item: formatItem(FORMAT), when: [absent("pk")] };

/** A table that was just made; whoever else has made it may be faster. */
export async function establishNew({ client, tableName }: Connection): Promise<void> {
  const TransactItems = formatWrites(first).map((write) => toTransactItem(write, tableName));
  // If it fails, whoever writes first does it.
  await client.send(new TransactWriteCommand({ TransactItems })).catch(() => undefined);
}

/**
 * Makes sure that the table may be written by this release.
 * @throws OlderTableFormat, NewerTableFormat, Busy
 */
export async function establish(table: RawTable): Promise<void> {
  const before = formatOf(await table.get(META_KEY));
  if (before === FORMAT) return;
  if (before !== undefined) throw new OlderTableFormat(before, FORMAT);
  if (!(await isEmpty(table))) {
    // Whoever was faster has both given it the format and written.
    if (formatOf(await table.get(META_KEY)) === FORMAT) return;
    throw new OlderTableFormat(1, FORMAT);
  }
  await new Transaction(table.connection, table.context, formatWrites(first))
    .send()
    .catch((error: unknown) => {
      // Nothing of the request that asks for it was written.
      throw error instanceof UnknownOutcome ? (error.cause ?? new Busy()) : error;
    });
  if (formatOf(await table.get(META_KEY)) !== FORMAT) throw new Busy();
}

/** The table's format; undefined if nothing was ever written to it. */
export async function tableFormat(table: RawTable): Promise<number | undefined> {
  const told = formatOf(await table.get(META_KEY));
  return told ?? ((await isEmpty(table)) ? undefined : 1);
}

/**
 * Whatever is stored stands with something in one of these partitions, or has stood there. The
 * first ones have something in most tables of format 1: every change of a provider left a head.
 */
const CONTENT = [
  [...OLD_HEADS, NAMES_KEY.pk],
  [
    ...Array.from({ length: SHARDS }, (_, shard) => shardPk(shard)),
    ...Array.from({ length: IDLE_PARTITIONS }, (_, partition) => idlePk(partition)),
  ],
];

/** Looks on only where nothing was found so far: each refused write of an older table asks. */
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

/**
 * Brings the table to this release's format; may be repeated, and goes on where it ended.
 * Nothing but this release may write the table meanwhile.
 * @throws NewerTableFormat, Busy
 */
export async function upgradeTable(table: RawTable): Promise<UpgradeReport> {
  for (const action of ["UpdateItem", "DeleteItem"] as const) table.allow(action);
  const from = (await tableFormat(table)) ?? FORMAT;
  const old = await oldHeads(table);
  const meta = await table.get(META_KEY);
  // Heads beside the format: an upgrade was cut off, or an older function has written since.
  if (formatOf(meta) !== FORMAT || old.length > 0) await raiseFormat(table, meta);
  let removed = 0;
  await inParallel(old, async (key) => {
    if (isOutOfTime(table.context)) return;
    await table.write({ kind: "delete", key, when: [] });
    removed += 1;
  });
  return { from, format: FORMAT, removed, complete: removed === old.length };
}

/**
 * From what was read, and from nothing else: a newer release may be upgrading the table too.
 * @throws NewerTableFormat, Busy
 */
async function raiseFormat(table: RawTable, found: Item | undefined): Promise<void> {
  const { format } = formatAttributes;
  const told = found && read(found, format);
  const write: Write = {
    kind: "update",
    key: META_KEY,
    changes: [set(format, FORMAT)],
    when: [told === undefined ? absent(...format) : equals(format, told)],
  };
  const writes = formatWrites(write);
  const { kind } = await new Transaction(table.connection, table.context, writes).send();
  if (kind === "done") return;
  formatOf(await table.get(META_KEY));
  throw new Busy();
}

async function oldHeads(table: RawTable): Promise<Key[]> {
  // One for each shard at most: each partition is one page.
  const pages = await Promise.all(OLD_HEADS.map((pk) => table.queryPage(pk, {}, undefined)));
  return pages.flatMap(({ items }) => items.map(({ pk, sk }) => ({ pk, sk })));
}
