/** Deletes expired items where the table does not do it by itself: DynamoDB does. */
import { read } from "../items/attributes.ts";
import { expiry } from "../items/expiry.ts";
import { intentOf } from "../items/write-intent.ts";
import type { MaintenanceStore } from "../maintenance-store.ts";
import { atMost } from "../table/expressions.ts";
import type { Item, Key } from "../table/item.ts";
import { inParallel } from "../table/parallel.ts";

export interface ExpiredReport {
  readonly deleted: number;
  /** Where the next call goes on; undefined: at the beginning. */
  readonly next: Key | undefined;
}

/**
 * One page of a walk through the table.
 * @param limit items that are read at most
 * @throws Busy
 */
export async function deleteExpired(
  store: MaintenanceStore,
  after: Key | undefined,
  limit: number,
): Promise<ExpiredReport> {
  const { items, next } = await store.stored.scan(after, limit);
  const seconds = Math.floor(store.clock.now() / 1_000);
  const expired = items.filter((item) => isExpired(item, seconds));
  let deleted = 0;
  await inParallel(expired, async ({ pk, sk }) => {
    const when = [atMost(expiry, seconds)];
    if (await store.writeAlone({ kind: "delete", key: { pk, sk }, when })) deleted += 1;
  });
  return { deleted, next };
}

function isExpired(item: Item, seconds: number): boolean {
  const expires = read(item, expiry);
  return expires !== undefined && expires <= seconds && intentOf(item) === undefined;
}
