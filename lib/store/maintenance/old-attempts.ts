/**
 * Removes attempts of ended processes: each leaves as many as it had transactions at once. What they
 * have left for the feeder, and nobody took, stays as pending events.
 */
import {
  ATTEMPTS,
  attempt,
  attemptNumberOf,
  isTaken,
  notedIn,
  processOf,
  takenUpTo,
} from "../items/attempt.ts";
import { pendingItem } from "../items/pending-events.ts";
import type { Connection } from "../table/connection.ts";
import { equals, type Write } from "../table/expressions.ts";
import type { Item, Key } from "../table/item.ts";
import { inParallel } from "../table/parallel.ts";
import { isOutOfTime, type RetryContext } from "../table/retry.ts";
import { timeOfNumber } from "../table/rising-numbers.ts";
import { RawTable } from "../table/table.ts";
import { Transaction } from "../table/transaction.ts";

const MAX_PAGES = 1_000;

/**
 * Only while no other process writes the table: an attempt that is removed before its process
 * ended no longer protects a transaction from being applied again. Numbers of this process follow
 * those of the ended ones, even if the clock was set back since.
 * @returns how many were removed
 * @throws Busy, UnknownOutcome
 */
export async function removeOldAttempts(
  connection: Connection,
  context: RetryContext,
): Promise<number> {
  const table = new RawTable(connection, context, new Set(["Query", "DeleteItem"]));
  const old = await oldOnes(table, connection.attempts?.items.process);
  for (const item of old) connection.attempts?.numbers.startAfter(Number(attemptNumberOf(item)));
  const taken = new Map(old.filter(isTaken).map((item) => [processOf(item), item]));
  const slots = old.filter((item) => !isTaken(item));
  const isUntaken = (item: Item) =>
    notedIn(item) !== undefined &&
    Number(attemptNumberOf(item)) > takenUpTo(taken.get(processOf(item)));
  await inParallel(slots.filter(isUntaken), async (item) => {
    await new Transaction(connection, context, movedToPending(item)).send();
  });
  await removeAll(
    table,
    slots.filter((item) => !isUntaken(item)),
  );
  // Last, since they tell which of the others were taken.
  await removeAll(table, old.filter(isTaken));
  return old.length;
}

async function oldOnes(table: RawTable, own: string | undefined): Promise<Item[]> {
  const old: Item[] = [];
  let start: Key | undefined;
  for (let page = 0; page < MAX_PAGES && !isOutOfTime(table.context); page += 1) {
    const { items, next } = await table.queryPage(ATTEMPTS, {}, start);
    for (const item of items) {
      const process = processOf(item);
      if (process !== undefined && process !== own) old.push(item);
    }
    start = next;
    if (start === undefined) return old;
  }
  // Those of a process may not be all: the next start removes them.
  return [];
}

async function removeAll(table: RawTable, items: readonly Item[]): Promise<void> {
  await inParallel(items, async ({ pk, sk }) => {
    await table.write({ kind: "delete", key: { pk, sk }, when: [] });
  });
}

function movedToPending(item: Item): Write[] {
  const { pk, sk } = item;
  const [process, events, number] = [processOf(item), notedIn(item), Number(attemptNumberOf(item))];
  if (process === undefined || events === undefined) return [];
  const pending = pendingItem({ time: timeOfNumber(number), number, process }, events);
  return [
    { kind: "delete", key: { pk, sk }, when: [equals(attempt.number, number)] },
    { kind: "put", item: pending, when: [] },
  ];
}
