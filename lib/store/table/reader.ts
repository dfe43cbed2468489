/** Reads of one request, with write intents resolved. */
import type { HeldLogs } from "./connection.ts";
import type { Path } from "./expressions.ts";
import type { Item, Key } from "./item.ts";
import type { RetryContext } from "./retry.ts";

/** Called with the key of each item that an undecided large change may still alter. */
export type OnPending = (key: Key) => void;

export interface ReadOptions {
  /** Also called for absent items while the change is undecided. */
  readonly onPending?: OnPending;
  /** Half the price, for items that may be stale without harm. Default: strongly consistent. */
  readonly eventual?: boolean;
}

export interface QueryOptions extends ReadOptions {
  /** Only sort keys with this prefix. */
  readonly prefix?: string;
  /** Only sort keys after it. */
  readonly after?: string;
  /** Only sort keys up to it; not together with a prefix. */
  readonly until?: string;
  /** Items at most; undefined: all, within the reader's bound. */
  readonly limit?: number;
  /** Only these attributes, and the key; undefined: all. Read units are those of whole items. */
  readonly attributes?: readonly Path[];
}

export interface ScanPage {
  readonly items: readonly Item[];
  /** Undefined at the end of the table. */
  readonly next: Key | undefined;
}

/** Reads items by their keys. Clock, deadline and counts are those of the request. */
export interface ItemReader extends RetryContext {
  /** The shard logs, where the table does not have them. */
  readonly heldLogs?: HeldLogs | undefined;
  get(key: Key, options?: ReadOptions): Promise<Item | undefined>;
  /** In the order of `keys`. */
  batchGet(keys: readonly Key[], options?: ReadOptions): Promise<(Item | undefined)[]>;
}

/**
 * Reads partitions too. A query decides each item of its answer; several reads together may
 * show half of a large change, unless they run in `Store.list`.
 */
export interface Reader extends ItemReader {
  query(pk: string, options?: QueryOptions): Promise<Item[]>;
}

export interface ScanOptions {
  /** Only items whose partition key begins with it; the others count for the limit. */
  readonly prefix?: string;
}

/** Reads the whole table too, page by page. */
export interface ScanningReader extends Reader {
  /** @param limit items that are read at most */
  scan(after: Key | undefined, limit: number, options?: ScanOptions): Promise<ScanPage>;
}
