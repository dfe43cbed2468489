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

import { count, remove, set, type Write } from "../table/expressions.ts";
import type { Item, Key } from "../table/item.ts";
import type { RawTable } from "../table/table.ts";

export const COMMIT_INDEX_KEY: Key = { pk: "CHANGES", sk: "COMMITTED" };

export interface CommitIndex {
  /** Rises with every change that is committed, and never falls. */
  readonly commits: number;
  /** Whether the change is committed and not carried out yet. */
  has(id: string): boolean;
}

const COMMITS = "n";

export async function readCommitIndex(table: RawTable): Promise<CommitIndex> {
  return commitIndexOf(await table.get(COMMIT_INDEX_KEY));
}

export function commitIndexOf(item: Item | undefined): CommitIndex {
  return {
    commits: (item?.[COMMITS] as number | undefined) ?? 0,
    has: (id) => item !== undefined && Object.hasOwn(item, id),
  };
}

/** All changes that stand in it. */
export function changesIn(item: Item): string[] {
  return Object.keys(item).filter((name) => !["pk", "sk", COMMITS].includes(name));
}

/** Lets the change through: part of the transaction that commits it. */
export function indexing(id: string): Write {
  return {
    kind: "update",
    key: COMMIT_INDEX_KEY,
    changes: [count([COMMITS], 1), set([id], 1)],
    when: [],
  };
}

/** Forgets a change that is carried out. */
export function unindexing(id: string): Write {
  return { kind: "update", key: COMMIT_INDEX_KEY, changes: [remove([id])], when: [] };
}
