/**
 * What readers see of items with write intents: the image that the commit index decides. The
 * index is read once for all items of a read, after them.
 */

import { beforeImage, intentOf, type WriteIntent } from "../items/write-intent.ts";
import { type Item, type Key, keyText } from "../table/item.ts";
import { inParallel } from "../table/parallel.ts";
import type { OnPending } from "../table/reader.ts";
import { Busy } from "../table/refusals.ts";
import { backOff } from "../table/retry.ts";
import type { RawTable } from "../table/table.ts";
import { statusesOf, type TransactionStatus } from "./transaction-status.ts";

/** How often items are read again whose change was over when its record was read. */
const MAX_READS = 8;

/** What was read does not decide the item's image. */
const UNRESOLVED = Symbol("unresolved");

/** `items` in their order, each as readers see it; undefined if there is none. */
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

/** @param late the intent was still there after its change was over: see `resolve.ts` */
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
