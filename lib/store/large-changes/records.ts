/**
 * The record of a large change: its state, until when its coordinator may take,
 * and the keys of the items that it touches, on pages beside it. Commit and abort
 * are each one compare-and-set of the record from pending, so that only one of
 * them can happen; see `gate.ts` for where a commit becomes visible.
 *
 * Source: Peng and Dabek, "Large-scale Incremental Processing Using Distributed
 * Transactions and Notifications" (Percolator), where the primary lock decides.
 */

import { absent, equals, set, type Write } from "../table/expressions.ts";
import type { Item, Key } from "../table/item.ts";
import { indexing, unindexing } from "./commit-index.ts";

export type ChangeState = "pending" | "committed" | "aborted";

export interface ChangeRecord {
  readonly id: string;
  readonly state: ChangeState;
  /** Milliseconds since 1970. After it anybody may try to abort; it decides nothing by itself. */
  readonly expires: number;
  readonly pages: number;
}

const RECORDS = "CHANGES";
const RECORD = "CHANGE#";

/** Keys on a page: a page is one item, of 400 KB at most, and a key has up to 3 KB but seldom 100 bytes. */
const PAGE_BYTES = 200_000;

export const recordKey = (id: string): Key => ({ pk: RECORDS, sk: `${RECORD}${id}` });

export const RECORDS_PK = RECORDS;
export const RECORD_PREFIX = RECORD;

export const pageKey = (id: string, page: number): Key => ({
  pk: `${RECORD}${id}`,
  sk: `PAGE#${String(page).padStart(4, "0")}`,
});

export function recordOf(item: Item): ChangeRecord {
  return {
    id: item.sk.slice(RECORD.length),
    state: item["s"] as ChangeState,
    expires: item["e"] as number,
    pages: item["p"] as number,
  };
}

/** That nobody has aborted the change: part of every transaction that marks. */
export function stillPending(id: string): Write {
  return { kind: "check", key: recordKey(id), when: [equals(["s"], "pending")] };
}

/** That the change is committed and not over. */
export function stillCommitted(id: string): Write {
  return { kind: "check", key: recordKey(id), when: [equals(["s"], "committed")] };
}

/** The decision, from pending and nothing else. */
export function decision(id: string, state: "committed" | "aborted"): Write[] {
  const decide: Write = {
    kind: "update",
    key: recordKey(id),
    changes: [set(["s"], state)],
    when: [equals(["s"], "pending")],
  };
  return state === "aborted" ? [decide] : [decide, indexing(id)];
}

/** The end of a change that is settled: may be repeated at will. */
export function ending({ id, state }: ChangeRecord): Write[] {
  const gone: Write = { kind: "delete", key: recordKey(id), when: [] };
  return state === "committed" ? [gone, unindexing(id)] : [gone];
}

/** `keys`, on as many pages as they take. */
export function pagesOf(keys: readonly Key[]): (readonly Key[])[] {
  const pages: Key[][] = [];
  let room = 0;
  for (const { pk, sk } of keys) {
    const bytes = Buffer.byteLength(pk) + Buffer.byteLength(sk) + 16;
    if (pages.length === 0 || bytes > room) {
      pages.push([]);
      room = PAGE_BYTES;
    }
    pages.at(-1)?.push({ pk, sk });
    room -= bytes;
  }
  return pages;
}

/** The record and its first pages, at once: no mark is set before the last page is written. */
export function opening(record: ChangeRecord, pages: readonly (readonly Key[])[]): Write[] {
  const { id, state, expires } = record;
  const item = { ...recordKey(id), s: state, e: expires, p: record.pages };
  return [
    { kind: "put", item, when: [absent("pk")] },
    ...pages.map((keys, page) => pagePut(id, page, keys)),
  ];
}

/** A further page, unless the change was aborted meanwhile. */
export function furtherPage(id: string, page: number, keys: readonly Key[]): Write[] {
  return [stillPending(id), pagePut(id, page, keys)];
}

function pagePut(id: string, page: number, keys: readonly Key[]): Write {
  const item = { ...pageKey(id, page), k: keys.map(({ pk, sk }) => [pk, sk]) };
  return { kind: "put", item, when: [] };
}

export function keysOf(page: Item | undefined): Key[] {
  const keys = (page?.["k"] ?? []) as [string, string][];
  return keys.map(([pk, sk]) => ({ pk, sk }));
}
