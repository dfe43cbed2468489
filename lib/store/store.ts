/** What an operation may do to the table during one request. */

import type { Changed } from "../model/history/changed.ts";
import type { Author } from "../model/history/event.ts";
import type { NameDirectory, Needed } from "./cache/names.ts";
import type { Shareable } from "./cache/shared.ts";
import type { GuardedWrite } from "./changes/guarded-write.ts";
import type { CustomName, NameKind } from "./items/custom-name.ts";
import type { DynamoDBAction } from "./table/connection.ts";
import type { Key } from "./table/item.ts";
import type { Meter } from "./table/meter.ts";
import type { ItemReader, ScanningReader } from "./table/reader.ts";

export interface StoreOptions {
  /** Any other action is refused before it is sent. */
  readonly access: readonly DynamoDBAction[];
  /** Milliseconds since 1970: nothing is tried again after it. */
  readonly deadline: number;
  /** Who changes something, for its events. Default: a program that mends the table. */
  readonly author?: Author;
}

/** What a change writes, and its result. */
export interface Plan<T> {
  readonly writes: readonly GuardedWrite[];
  readonly result: T;
  /** What it tells of its subjects: their events are written with it. */
  readonly changed?: readonly Changed[];
  /**
   * The result once it is committed, if that may be of an earlier plan of the same change: an
   * item that shows its operation id counts as applied. Default: `result`.
   */
  committed?(): T;
  /**
   * Hot items that already are as the change wants them, and are not written. Their writers
   * may not have appended to the shard logs yet: that is done before the change is
   * acknowledged.
   */
  readonly fulfilled?: readonly Key[];
  /**
   * Hot items of providers on which the change's consumers hold something, and which it does
   * not write: they are appended to the shard logs, too. `cache/usages/` relies on two
   * rules. A change of what a consumer holds writes or names a provider on which it held
   * something before and, unless it only gives up providers, all on which it holds something
   * afterwards. A change of its project, user or type writes or names all of the latter.
   */
  readonly named?: readonly Key[];
  /**
   * Whether the items that the plan was made from are unchanged. Called before a refusal is
   * reported if the refusing item is not one that was read.
   */
  confirm?(): Promise<boolean>;
}

/**
 * Reads what it needs and plans a change; may run several times.
 * @param attempt counts from 0
 * @throws the refusal of a change that the current items do not allow
 */
export type Planner<T> = (attempt: number) => Promise<Plan<T>>;

/**
 * Reads by key, lists and changes. Partitions are queried only in `list`, so that no answer
 * mixes reads before and after a large change.
 */
export interface Store extends ItemReader {
  /** What this request has cost so far. */
  readonly meter: Meter;
  /** A directory of resource classes with all `needed` names and ids, as far as they exist now. */
  classes(needed: Needed): Promise<NameDirectory>;
  /** A directory of traits with all `needed` names and ids, as far as they exist now. */
  traits(needed: Needed): Promise<NameDirectory>;
  /** All custom classes or traits; no large change creates or removes any. */
  customNames(kind: NameKind): Promise<CustomName[]>;
  /**
   * What the requests of a function share, made by `make` for the first of them. Only the
   * functions that use it contain its code.
   */
  shared<T>(make: Shareable<T>): T;
  /**
   * Reads many items without showing half of a large change: reads again if one was committed
   * meanwhile.
   * @param read may run several times, and only reads; `logged` says whether every writer
   *   appends to the shard logs
   * @param commitsOf the number of committed large changes, if `read` itself read it after all
   *   of the items; else undefined
   * @throws Busy
   */
  list<T>(
    read: (reader: ScanningReader, logged: boolean) => Promise<T>,
    commitsOf?: (result: T) => number | undefined,
  ): Promise<T>;
  /**
   * Appends the providers among `keys` to the shard logs again, if that is possible without
   * delay. Repeats of a change call it, since the function that committed the change may have
   * crashed before its append.
   * @returns whether all were appended
   */
  appendToShardLogs(keys: readonly Key[]): Promise<boolean>;
  /**
   * Plans and commits; plans again if the items that the plan was made from have changed.
   * @throws the one refusal that the items prove; Busy; UnknownOutcome
   */
  change<T>(plan: Planner<T>): Promise<T>;
}
