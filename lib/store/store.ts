/** What an operation may do to the table, for the length of one request. */
import type { Clock, Random } from "../model/clock.ts";
import type { NameCache } from "./cache/names.ts";
import type { SnapshotCache } from "./cache/snapshot/cache.ts";
import type { UpgradeReport } from "./cache/upgrade.ts";
import type { GuardedWrite } from "./changes/guarded-write.ts";
import type { OnChanged } from "./items/subjects.ts";
import type { SweepReport } from "./large-changes/sweep.ts";
import type { OnPending } from "./large-changes/visible.ts";
import type { DynamoDBAction } from "./table/connection.ts";
import type { Item, Key } from "./table/item.ts";
import type { Counts } from "./table/retry.ts";

export interface StoreOptions {
  /** Everything else is refused before it is sent. */
  readonly access: readonly DynamoDBAction[];
  /** Milliseconds since 1970: nothing is tried again after it. */
  readonly deadline: number;
}

export type OpenStore = (options: StoreOptions) => Store;

/** What a change writes, and what it means once written. */
export interface Plan<T> {
  readonly writes: readonly GuardedWrite[];
  readonly result: T;
  /**
   * Hot items that are as the change wants them, and are not written. Whoever wrote them may
   * not have raised their heads yet: that is done before the change is acknowledged.
   */
  readonly fulfilled?: readonly Key[];
  /**
   * Whether what the plan was made from still stands. Asked before a refusal is
   * reported, where the refusing item is not the one that was read.
   */
  confirm?(): Promise<boolean>;
}

export interface ReadOptions {
  /** Told of every item that an undecided large change may still alter, absent ones too. */
  readonly onPending?: OnPending;
}

export interface QueryOptions extends ReadOptions {
  /** Only sort keys that begin with it. */
  readonly prefix?: string;
  /** Only sort keys after it. */
  readonly after?: string;
  /** Items at most; without it all, within the store's bound. */
  readonly limit?: number;
}

export interface ScanPage {
  readonly items: readonly Item[];
  /** Undefined at the table's end. */
  readonly next: Key | undefined;
}

/** Items as they are stored, with the marks of unfinished large changes. */
export interface StoredItems {
  /** In the order of `keys`. */
  batchGet(keys: readonly Key[]): Promise<(Item | undefined)[]>;
  /** 100 at most, as of one moment at which no transaction is under way on any of them. */
  quiescent(keys: readonly Key[]): Promise<(Item | undefined)[]>;
  query(pk: string): Promise<Item[]>;
  scan(after: Key | undefined, limit: number): Promise<ScanPage>;
}

export type CommitsOf<T> = (result: T) => number | undefined;

export interface Store {
  readonly clock: Clock;
  readonly random: Random;
  readonly names: NameCache;
  readonly snapshots: SnapshotCache;
  /** Milliseconds since 1970. */
  readonly deadline: number;
  readonly counts: Counts;
  /** For maintenance only. */
  readonly stored: StoredItems;
  /** All reads are strongly consistent. */
  get(key: Key, options?: ReadOptions): Promise<Item | undefined>;
  /** In the order of `keys`. */
  batchGet(keys: readonly Key[], options?: ReadOptions): Promise<(Item | undefined)[]>;
  query(pk: string, options?: QueryOptions): Promise<Item[]>;
  /** A page of the whole table; for maintenance only. */
  scan(after: Key | undefined, limit: number): Promise<ScanPage>;
  /**
   * Reads many items so that no large change is seen by halves: reads again if one
   * was committed meanwhile.
   * @param read may run several times, and only reads
   * @param commitsOf the number of large changes that `read` has read itself after all of
   *   the items; undefined if it has not
   * @throws Busy
   */
  consistently<T>(read: () => Promise<T>, commitsOf?: CommitsOf<T>): Promise<T>;
  /**
   * Tells the readers of lists of the providers among `keys`, once more, if it can be
   * done at once. It is for repeats of a change whose own function may have died before
   * it did.
   * @throws OlderTableFormat
   */
  appendToShardLogs(keys: readonly Key[]): Promise<boolean>;
  /** Brings the table to the format of this release; for maintenance only. */
  upgrade(): Promise<UpgradeReport>;
  /** Which format the table has; undefined where it is yet empty. */
  tableFormat(): Promise<number | undefined>;
  /**
   * Finishes large changes whose coordinator died, `limit` at most; for maintenance only.
   * @param changed told of the changes that were gone on with, and of what was settled for them
   */
  sweep(limit: number, changed?: OnChanged): Promise<SweepReport>;
  /**
   * Plans and commits, again if what the plan was made from has moved.
   * @param plan reads what it needs; `attempt` counts from 0
   * @throws the one refusal that the items prove; Busy; UnknownOutcome
   */
  change<T>(plan: (attempt: number) => Promise<Plan<T>>): Promise<T>;
}
