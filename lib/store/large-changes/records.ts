/**
 * Writes of a large change's record and of its pages. Commit and abort are each one
 * compare-and-set of the record from pending, so that only one of them can happen; see
 * `commit-index.ts` for where a commit becomes visible.
 *
 * Source: Peng and Dabek, "Large-scale Incremental Processing Using Distributed
 * Transactions and Notifications" (Percolator), where the primary lock decides.
 */

import { changeOfPage, isPage, pageItem } from "../items/change-page.ts";
import { type ChangeRecord, changeRecord, recordItem, recordKey } from "../items/change-record.ts";
import { intentOf } from "../items/write-intent.ts";
import { absent, equals, set, type Write } from "../table/expressions.ts";
import type { Item, Key } from "../table/item.ts";
import { indexing, unindexing } from "./commit-index.ts";

/** The change whose intent `item` has, or of which `item` is a page. */
export function changeOf(item: Item): string | undefined {
  if (isPage(item)) return changeOfPage(item);
  return intentOf(item)?.change;
}

/** Holds while the change is not aborted: part of every transaction that writes intents. */
export function stillPending(id: string): Write {
  return { kind: "check", key: recordKey(id), when: [equals(changeRecord.state, "pending")] };
}

/** Holds while the change is committed and not over. */
export function stillCommitted(id: string): Write {
  return { kind: "check", key: recordKey(id), when: [equals(changeRecord.state, "committed")] };
}

/** The decision, from pending only. */
export function decision(id: string, state: "committed" | "aborted"): Write[] {
  const decide: Write = {
    kind: "update",
    key: recordKey(id),
    changes: [set(changeRecord.state, state)],
    when: [equals(changeRecord.state, "pending")],
  };
  return state === "aborted" ? [decide] : [decide, indexing(id)];
}

/** The end of a change whose items are resolved; may be repeated. */
export function ending({ id, state }: ChangeRecord): Write[] {
  const gone: Write = { kind: "delete", key: recordKey(id), when: [] };
  return state === "committed" ? [gone, unindexing(id)] : [gone];
}

/**
 * The record and its first pages, in one transaction: no intent is written before the last
 * page.
 */
export function opening(record: ChangeRecord, pages: readonly (readonly Key[])[]): Write[] {
  return [
    { kind: "put", item: recordItem(record), when: [absent("pk")] },
    ...pages.map((keys, page) => pagePut(record.id, page, keys)),
  ];
}

/** A further page, unless the change was aborted meanwhile. */
export function furtherPage(id: string, page: number, keys: readonly Key[]): Write[] {
  return [stillPending(id), pagePut(id, page, keys)];
}

function pagePut(id: string, page: number, keys: readonly Key[]): Write {
  return { kind: "put", item: pageItem(id, page, keys), when: [] };
}
