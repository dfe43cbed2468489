/**
 * Settling: carrying out on items what is decided about the change that marked
 * them. Anybody may do it, any number of times: each write is conditional on the
 * mark.
 */

import { type Mark, markOf } from "../items/write-intent.ts";
import { MARK, remove, type Write } from "../table/expressions.ts";
import type { Item } from "../table/item.ts";
import { inParallel } from "../table/parallel.ts";
import type { RawTable } from "../table/table.ts";
import { decide } from "./decide.ts";
import { type Standing, standingsOf } from "./transaction-status.ts";

/**
 * Settles items that stand in the way of a write, if their changes are decided or
 * can be: an expired one is aborted. Those of a change under way are left alone.
 */
export async function settleMarked(table: RawTable, items: readonly Item[]): Promise<void> {
  const marked = items.flatMap((item) => {
    const mark = markOf(item);
    return mark === undefined ? [] : { item, mark };
  });
  const ids = marked.map(({ mark }) => mark.change);
  const standings = await standingsOf(table, ids);
  await inParallel([...standings], async ([id, standing]) => {
    if (await abortExpired(table, id, standing)) standings.set(id, { kind: "aborted" });
  });
  await inParallel(marked, async ({ item, mark }) => {
    switch (standings.get(mark.change)?.kind) {
      case "committed":
        return rollForward(table, item, mark);
      case "aborted":
        return rollBack(table, item, mark);
      case "over":
        return rollBackLate(table, item, mark);
    }
  });
}

async function abortExpired(table: RawTable, id: string, standing: Standing): Promise<boolean> {
  if (standing.kind !== "pending" || table.context.clock.now() <= standing.expires) return false;
  return (await decide(table, id, "aborted")) === "aborted";
}

/**
 * The record of a committed change goes after the last of its marks. So a mark
 * that is found after its record was not is of a change that was aborted: it was
 * on its way when that was settled.
 */
async function rollBackLate(table: RawTable, item: Item, mark: Mark): Promise<void> {
  const now = await table.get({ pk: item.pk, sk: item.sk });
  if (now !== undefined && markOf(now)?.change === mark.change) await rollBack(table, now, mark);
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
