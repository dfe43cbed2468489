/** The record of a large change: its state, and its expiry. */
import type { Item, Key } from "../table/item.ts";
import { attribute, read, stored } from "./attributes.ts";
import { afterFirst, joined } from "./keys.ts";

/** The partition of all records. */
export const CHANGES = "CHANGES";

/** The prefix of their sort keys and of the partition keys of their pages. */
export const CHANGE = "CHANGE";

export const RECORDS_PK = CHANGES;
export const RECORD_PREFIX = joined(CHANGE, "");

export const recordKey = (id: string): Key => ({ pk: RECORDS_PK, sk: joined(CHANGE, id) });

export const isRecord = ({ pk, sk }: Key): boolean =>
  pk === RECORDS_PK && sk.startsWith(RECORD_PREFIX);

/** The id of the change that the key of a record names. */
export const changeOfRecord = ({ sk }: Key): string => afterFirst(sk);

export type ChangeState = "pending" | "committed" | "aborted";

export const changeRecord = {
  state: attribute<ChangeState>("s"),
  expires: attribute<number>("e"),
  pages: attribute<number>("p"),
  begun: attribute<number | undefined>("b"),
  items: attribute<number | undefined>("i"),
} as const;

export interface ChangeRecord {
  readonly id: string;
  readonly state: ChangeState;
  /**
   * Milliseconds since 1970. After it others may try to abort the change; it decides nothing
   * itself.
   */
  readonly expires: number;
  readonly pages: number;
  /** Milliseconds since 1970; undefined: a release began it that did not say so. */
  readonly begun: number | undefined;
  /** Items that it changes; undefined likewise. */
  readonly items: number | undefined;
}

export function recordItem(record: ChangeRecord): Item {
  return { ...recordKey(record.id), ...stored(changeRecord, record) };
}

export function recordOf(item: Item): ChangeRecord {
  return {
    id: changeOfRecord(item),
    state: read(item, changeRecord.state),
    expires: read(item, changeRecord.expires),
    pages: read(item, changeRecord.pages),
    begun: read(item, changeRecord.begun),
    items: read(item, changeRecord.items),
  };
}
