/**
 * The commit index: one item with the ids of all large changes that are committed and not
 * carried out yet, and the number of commits.
 *
 * A change becomes visible when its id appears here, at one moment for all readers. The
 * change's record is written in the same transaction, but DynamoDB gives plain reads no order
 * between the items of a transaction: one may be visible before the other. So the commit
 * index alone decides whether a change is committed.
 */

import { COMMIT_INDEX_KEY, type CommitIndex, commitIndexOf, index } from "../items/commit-index.ts";
import { count, remove, set, type Write } from "../table/expressions.ts";
import type { RawTable } from "../table/table.ts";

export async function readCommitIndex(table: RawTable): Promise<CommitIndex> {
  return commitIndexOf(await table.get(COMMIT_INDEX_KEY));
}

/** Makes the change visible: part of the transaction that commits it. */
export function indexing(id: string): Write {
  return {
    kind: "update",
    key: COMMIT_INDEX_KEY,
    changes: [count(index.commits, 1), set(index.change(id), 1)],
    when: [],
  };
}

/** Removes a change that is carried out. */
export function unindexing(id: string): Write {
  return { kind: "update", key: COMMIT_INDEX_KEY, changes: [remove(index.change(id))], when: [] };
}
