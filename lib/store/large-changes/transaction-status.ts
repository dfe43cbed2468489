/** How large changes stand that were met by their marks. */

import { recordKey, recordOf } from "../items/change-record.ts";
import { inParallel } from "../table/parallel.ts";
import type { RawTable } from "../table/table.ts";
import { readCommitIndex } from "./commit-index.ts";

export type TransactionStatus =
  | { readonly kind: "committed" | "aborted" }
  /** Undecided; `expires` in milliseconds since 1970. */
  | { readonly kind: "pending"; readonly expires: number }
  /** Its record says committed and the gate has not let it through, or has already forgotten it. */
  | { readonly kind: "unindexed" }
  /** There is no record: it is settled, and what is still marked was marked by a change that was aborted. */
  | { readonly kind: "over" };

/**
 * The standing of each change of `ids`, as of one reading of the gate: all that
 * are committed by then, and no others, are told to be.
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
