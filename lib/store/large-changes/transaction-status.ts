/** The transaction status of the changes of write intents. */

import { recordKey, recordOf } from "../items/change-record.ts";
import { inParallel } from "../table/parallel.ts";
import type { RawTable } from "../table/table.ts";
import { readCommitIndex } from "./commit-index.ts";

export type TransactionStatus =
  | { readonly kind: "committed" | "aborted" }
  /** Undecided; `expires` in milliseconds since 1970. */
  | { readonly kind: "pending"; readonly expires: number }
  /** Its record says committed, but it is not in the commit index: not yet, or no longer. */
  | { readonly kind: "unindexed" }
  /**
   * There is no record: its items are resolved. An intent that is still there is of an
   * aborted change.
   */
  | { readonly kind: "over" };

/**
 * The status of each change of `ids`, as of one read of the commit index: exactly the changes
 * that are in it then have the status committed.
 */
export async function statusesOf(
  table: RawTable,
  ids: Iterable<string>,
): Promise<Map<string, TransactionStatus>> {
  const wanted = [...new Set(ids)];
  const statuses = new Map<string, TransactionStatus>();
  if (wanted.length === 0) return statuses;
  const index = await readCommitIndex(table);
  await inParallel(wanted, async (id) => {
    statuses.set(id, index.has(id) ? { kind: "committed" } : await uncommitted(table, id));
  });
  return statuses;
}

async function uncommitted(table: RawTable, id: string): Promise<TransactionStatus> {
  const found = await table.get(recordKey(id));
  if (found === undefined) return { kind: "over" };
  const { state, expires } = recordOf(found);
  if (state === "pending") return { kind: "pending", expires };
  return { kind: state === "committed" ? "unindexed" : "aborted" };
}
