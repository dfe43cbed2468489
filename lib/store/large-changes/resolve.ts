/**
 * Resolves items: carries out what is decided about the change of their write intents. Any
 * function may do it, repeatedly: each write is conditional on the intent.
 */

import { intentOf, type WriteIntent } from "../items/write-intent.ts";
import { INTENT, remove, type Write } from "../table/expressions.ts";
import type { Item } from "../table/item.ts";
import { inParallel } from "../table/parallel.ts";
import type { RawTable } from "../table/table.ts";
import { decide } from "./decide.ts";
import { statusesOf, type TransactionStatus } from "./transaction-status.ts";

/**
 * Resolves items whose intents block a write, if their changes are decided or can be: an
 * expired change is aborted. Changes under way are left alone.
 */
export async function resolveIntents(table: RawTable, items: readonly Item[]): Promise<void> {
  const withIntent = items.flatMap((item) => {
    const intent = intentOf(item);
    return intent === undefined ? [] : { item, intent };
  });
  const ids = withIntent.map(({ intent }) => intent.change);
  const statuses = await statusesOf(table, ids);
  await inParallel([...statuses], async ([id, status]) => {
    if (await abortExpired(table, id, status)) statuses.set(id, { kind: "aborted" });
  });
  await inParallel(withIntent, async ({ item, intent }) => {
    switch (statuses.get(intent.change)?.kind) {
      case "committed":
        return rollForward(table, item, intent);
      case "aborted":
        return rollBack(table, item, intent);
      case "over":
        return rollBackLate(table, item, intent);
    }
  });
}

async function abortExpired(
  table: RawTable,
  id: string,
  status: TransactionStatus,
): Promise<boolean> {
  if (status.kind !== "pending" || table.context.clock.now() <= status.expires) return false;
  return (await decide(table, id, "aborted")) === "aborted";
}

/**
 * The record of a committed change is removed after the last of its intents. So an intent
 * that is found after its record was not is of an aborted change: it was written late, after
 * the change was resolved.
 */
async function rollBackLate(table: RawTable, item: Item, intent: WriteIntent): Promise<void> {
  const now = await table.get({ pk: item.pk, sk: item.sk });
  if (now !== undefined && intentOf(now)?.change === intent.change)
    await rollBack(table, now, intent);
}

/** Writes the after-image. */
export async function rollForward(table: RawTable, item: Item, intent: WriteIntent): Promise<void> {
  const { pk, sk } = item;
  const when = { when: [], intentOf: intent.change } as const;
  const write: Write =
    intent.after === undefined
      ? { kind: "delete", key: { pk, sk }, ...when }
      : { kind: "put", item: intent.after, ...when };
  await table.write(write);
}

/** Restores the before-image. */
export async function rollBack(table: RawTable, item: Item, intent: WriteIntent): Promise<void> {
  const { pk, sk } = item;
  const when = { when: [], intentOf: intent.change } as const;
  const write: Write = intent.placeholder
    ? { kind: "delete", key: { pk, sk }, ...when }
    : { kind: "update", key: { pk, sk }, changes: [remove([INTENT])], ...when };
  await table.write(write);
}
