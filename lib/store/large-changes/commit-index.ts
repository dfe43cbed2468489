/**
 * The gate: one item in which every large change that was committed and is not
 * carried out yet stands, beside a number that rises with each of them.
 *
 * A change becomes visible when its id appears here, at one moment for all
 * readers. The change's record is written in the same transaction, but DynamoDB
 * promises plain reads no order between the items of a transaction: one may be
 * seen before the other. So whoever has to know whether a change is committed
 * looks here and nowhere else.
 */

import { COMMIT_INDEX_KEY, type CommitIndex, commitIndexOf, index } from "../items/commit-index.ts";
import { count, remove, set, type Write } from "../table/expressions.ts";
import type { RawTable } from "../table/table.ts";

export async function readCommitIndex(table: RawTable): Promise<CommitIndex> {
  return commitIndexOf(await table.get(COMMIT_INDEX_KEY));
}

/** Lets the change through: part of the transaction that commits it. */
export function indexing(id: string): Write {
  return {
    kind: "update",
    key: COMMIT_INDEX_KEY,
    changes: [count(index.commits, 1), set(index.change(id), 1)],
    when: [],
  };
}

/** Forgets a change that is carried out. */
export function unindexing(id: string): Write {
  return { kind: "update", key: COMMIT_INDEX_KEY, changes: [remove(index.change(id))], when: [] };
}
