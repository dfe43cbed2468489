/**
 * What a reader sees of items that an unfinished large change has marked: the
 * image that the gate decides. The gate is read once for all items of a reading,
 * after them.
 */

import { beforeImage, intentOf, type WriteIntent } from "../items/write-intent.ts";
import { type Item, type Key, keyText } from "../table/item.ts";
import { inParallel } from "../table/parallel.ts";
import type { OnPending } from "../table/reader.ts";
import { Busy } from "../table/refusals.ts";
import { backOff } from "../table/retry.ts";
import type { RawTable } from "../table/table.ts";
import { statusesOf, type TransactionStatus } from "./transaction-status.ts";

/** How often items are read again whose change was over when it was asked for. */
const MAX_READS = 8;

/** An item whose image is not decided by what was read. */
const UNRESOLVED = Symbol("unsettled");

/** `items` in their order, each as it is to be seen; undefined where there is none. */
export async function visible(
  table: RawTable,
  items: readonly (Item | undefined)[],
  onPending?: OnPending,
): Promise<(Item | undefined)[]> {
  let current = [...items];
  /** By key: the change that was over before the item was last read. */
  const overBefore = new Map<string, string>();
  for (let read = 1; ; read += 1) {
    const intents = current.map((item) => intentOf(item));
    const ids = intents.flatMap((intent) => intent?.change ?? []);
    if (ids.length === 0) return current;
    const statuses = await statusesOf(table, ids);
    const again = new Map<string, Key>();
    const seen = current.map((item, index) => {
      const intent = intents[index];
      if (item === undefined || intent === undefined) return item;
      const { pk, sk } = item;
      const key = { pk, sk };
      const late = overBefore.get(keyText(key)) === intent.change;
      const status = statuses.get(intent.change);
      if (status?.kind === "pending") onPending?.(key);
      const image = imageOf(item, intent, status, late);
      if (image !== UNRESOLVED) return image;
      again.set(keyText(key), key);
      if (status?.kind === "over") overBefore.set(keyText(key), intent.change);
      return undefined;
    });
    if (again.size === 0) return seen;
    if (read >= MAX_READS || !(await backOff(table.context, read))) throw new Busy();
    const fresh = await readAgain(table, again);
    current = current.map((item) => {
      const text = item && keyText(item);
      return text !== undefined && fresh.has(text) ? fresh.get(text) : item;
    });
  }
}

/** @param late the mark was still there after its change was over: see `resolve.ts` */
function imageOf(
  item: Item,
  intent: WriteIntent,
  status: TransactionStatus | undefined,
  late: boolean,
) {
  switch (status?.kind) {
    case "committed":
      return intent.after;
    case "pending":
    case "aborted":
      return beforeImage(item, intent);
    case "over":
      return late ? beforeImage(item, intent) : UNRESOLVED;
    default:
      return UNRESOLVED;
  }
}

async function readAgain(
  table: RawTable,
  keys: ReadonlyMap<string, Key>,
): Promise<Map<string, Item | undefined>> {
  const found = new Map<string, Item | undefined>();
  await inParallel([...keys], async ([text, key]) => {
    found.set(text, await table.get(key));
  });
  return found;
}
