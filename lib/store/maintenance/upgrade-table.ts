/**
 * Upgrades a table of an older release to the format of this one. An operator starts the
 * upgrade while nothing else writes the table: functions of the older release would continue
 * to write heads, which only they read.
 */

import { formatWrites, tableFormat } from "../cache/establish.ts";
import { read } from "../items/attributes.ts";
import { OLD_HEADS } from "../items/old-head.ts";
import { FORMAT, formatAttributes, formatOf, META_KEY } from "../items/table-format.ts";
import type { MaintenanceStore } from "../maintenance-store.ts";
import { absent, equals, set, type Write } from "../table/expressions.ts";
import type { Item, Key } from "../table/item.ts";
import { inParallel } from "../table/parallel.ts";
import { Busy } from "../table/refusals.ts";
import { isOutOfTime } from "../table/retry.ts";
import type { RawTable } from "../table/table.ts";
import { Transaction } from "../table/transaction.ts";

export interface UpgradeReport {
  /** The format before. */
  readonly from: number;
  readonly format: number;
  /** Items of the older format that were removed. */
  readonly removed: number;
  /** Whether no item of the older format is left. */
  readonly complete: boolean;
}

/**
 * May be repeated, and continues where it ended.
 * @throws NewerTableFormat, Busy
 */
export function upgradeTable(store: MaintenanceStore): Promise<UpgradeReport> {
  return store.reformat(upgrade);
}

async function upgrade(table: RawTable): Promise<UpgradeReport> {
  for (const action of ["UpdateItem", "DeleteItem"] as const) table.allow(action);
  const from = (await tableFormat(table)) ?? FORMAT;
  const old = await oldHeads(table);
  const meta = await table.get(META_KEY);
  // Heads in a table of this format: an upgrade was interrupted, or an older function has written
  // since.
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
 * Conditional on the format that was read: a newer release may upgrade the table at the same
 * time.
 * @throws NewerTableFormat, Busy
 */
async function raiseFormat(table: RawTable, found: Item | undefined): Promise<void> {
  const { format } = formatAttributes;
  const current = found && read(found, format);
  const write: Write = {
    kind: "update",
    key: META_KEY,
    changes: [set(format, FORMAT)],
    when: [current === undefined ? absent(...format) : equals(format, current)],
  };
  const writes = formatWrites(write);
  const { kind } = await new Transaction(table.connection, table.context, writes).send();
  if (kind === "done") return;
  formatOf(await table.get(META_KEY));
  throw new Busy();
}

async function oldHeads(table: RawTable): Promise<Key[]> {
  // At most one item for each shard: each partition fits one page.
  const pages = await Promise.all(OLD_HEADS.map((pk) => table.queryPage(pk, {}, undefined)));
  return pages.flatMap(({ items }) => items.map(({ pk, sk }) => ({ pk, sk })));
}
