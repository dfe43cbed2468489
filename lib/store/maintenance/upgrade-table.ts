/**
 * Upgrades a table of an older release to the format of this one, in steps: see
 * docs/upgrades.md. Until the format is raised, functions of both releases use the table, and
 * the older release can be deployed again.
 */

import { formatWrites, tableFormat } from "../cache/establish.ts";
import { read } from "../items/attributes.ts";
import { OLD_HEADS } from "../items/old-head.ts";
import {
  FORMAT,
  FORMAT_MAX_AGE,
  formatAttributes,
  formatOf,
  META_KEY,
} from "../items/table-format.ts";
import type { MaintenanceStore } from "../maintenance-store.ts";
import { absent, equals, type Path, remove, set, type Write } from "../table/expressions.ts";
import type { Item } from "../table/item.ts";
import { inParallel } from "../table/parallel.ts";
import { Busy } from "../table/refusals.ts";
import { isOutOfTime } from "../table/retry.ts";
import type { RawTable } from "../table/table.ts";
import { Transaction } from "../table/transaction.ts";
import { quietSince } from "./older-writers.ts";

/** Milliseconds for which no function of the older release may have written. */
export const QUIET_TIME = 60_000;

/**
 * Milliseconds after the format was raised: no function relies on the older one any more, and
 * requests that did have ended.
 */
const RAISED_TIME = FORMAT_MAX_AGE + 30_000;

export interface UpgradeOptions {
  /** Whether nothing else uses the table: then there is nothing to wait for. */
  readonly alone: boolean;
}

export interface UpgradeReport {
  /** The format before. */
  readonly from: number;
  /** The format now. */
  readonly format: number;
  /** Items of the older format that were removed. */
  readonly removed: number;
  /** Shards that functions of the older release have written since the last invocation. */
  readonly olderWriters: readonly number[];
  /** Seconds after which the next invocation can go on; 0: it can go on at once. */
  readonly wait: number;
  /** Whether the table has the format, and no item of the older one is left. */
  readonly complete: boolean;
}

/**
 * May be repeated, and continues where it ended.
 * @throws NewerTableFormat, Busy
 */
export function upgradeTable(
  store: MaintenanceStore,
  options: UpgradeOptions,
): Promise<UpgradeReport> {
  return store.reformat((table) => upgrade(table, options));
}

async function upgrade(table: RawTable, { alone }: UpgradeOptions): Promise<UpgradeReport> {
  for (const action of ["UpdateItem", "DeleteItem"] as const) table.allow(action);
  const from = (await tableFormat(table)) ?? FORMAT;
  const nothing = { from, format: from, removed: 0, olderWriters: [], complete: false };
  const heads = await oldHeads(table);
  const meta = await table.get(META_KEY);
  if (formatOf(meta) !== FORMAT && from !== FORMAT && !alone) {
    const { since, olderWriters } = await quietSince(table, { meta, heads });
    const wait = secondsUntil(table, since + QUIET_TIME);
    if (wait > 0) return { ...nothing, olderWriters, wait };
  }
  const now = table.context.clock.now();
  // Heads in a table of this format: an upgrade was interrupted, or an older function has written
  // since.
  if (formatOf(meta) !== FORMAT || heads.length > 0) {
    await raiseFormat(table, meta, alone ? undefined : (raisedAt(meta) ?? now));
  }
  const removed = await removeHeads(table, heads);
  const left = await oldHeads(table);
  const raised = alone ? undefined : raisedAt(await table.get(META_KEY));
  const wait = raised === undefined ? 0 : secondsUntil(table, raised + RAISED_TIME);
  const complete = left.length === 0 && wait === 0;
  if (complete && raised !== undefined) await settle(table, raised);
  return { ...nothing, format: FORMAT, removed, wait, complete };
}

const raisedAt = (meta: Item | undefined) => meta && read(meta, formatAttributes.raised);

function secondsUntil({ context }: RawTable, time: number): number {
  return Math.max(0, Math.ceil((time - context.clock.now()) / 1_000));
}

const same = (path: Path, value: unknown) =>
  value === undefined ? absent(...path) : equals(path, value);

/**
 * Conditional on what was read: a newer release may upgrade the table at the same time.
 * @throws NewerTableFormat, Busy
 */
async function raiseFormat(
  table: RawTable,
  found: Item | undefined,
  raised: number | undefined,
): Promise<void> {
  const { format, quiet, raised: path } = formatAttributes;
  const current = found && read(found, format);
  const write: Write = {
    kind: "update",
    key: META_KEY,
    changes: [
      set(format, FORMAT),
      remove(quiet),
      raised === undefined ? remove(path) : set(path, raised),
    ],
    when: [same(format, current), same(quiet, found && read(found, quiet))],
  };
  const writes = formatWrites(write);
  const { kind } = await new Transaction(table.connection, table.context, writes).send();
  if (kind === "done") return;
  formatOf(await table.get(META_KEY));
  throw new Busy();
}

/** The upgrade has nothing more to wait for. */
async function settle(table: RawTable, raised: number): Promise<void> {
  const { format, raised: path } = formatAttributes;
  const when = [equals(format, FORMAT), equals(path, raised)];
  await table.write({ kind: "update", key: META_KEY, changes: [remove(path)], when });
}

/** @returns the number of those that were removed in time */
async function removeHeads(table: RawTable, heads: readonly Item[]): Promise<number> {
  let removed = 0;
  await inParallel(heads, async ({ pk, sk }) => {
    if (isOutOfTime(table.context)) return;
    await table.write({ kind: "delete", key: { pk, sk }, when: [] });
    removed += 1;
  });
  return removed;
}

async function oldHeads(table: RawTable): Promise<Item[]> {
  // At most one item for each shard: each partition fits one page.
  const pages = await Promise.all(OLD_HEADS.map((pk) => table.queryPage(pk, {}, undefined)));
  return pages.flatMap(({ items }) => items);
}
