/** What a maintenance task may do to the table beyond what operations do. */
import type { OnChanged } from "./items/subjects.ts";
import type { SweepReport } from "./large-changes/sweep.ts";
import type { Store, StoreOptions } from "./store.ts";
import type { Write } from "./table/expressions.ts";
import type { Item, Key } from "./table/item.ts";
import type { ScanningReader, ScanPage } from "./table/reader.ts";
import type { RawTable } from "./table/table.ts";

/** Items as they are stored, with the write intents of unfinished large changes. */
export interface StoredItems {
  /** In the order of `keys`. */
  batchGet(keys: readonly Key[]): Promise<(Item | undefined)[]>;
  /** At most 100, as of one moment at which no transaction is under way on any of them. */
  quiescent(keys: readonly Key[]): Promise<(Item | undefined)[]>;
  query(pk: string): Promise<Item[]>;
  scan(after: Key | undefined, limit: number): Promise<ScanPage>;
}

/** Single queries are offered: a repair is conditional on what it has read. */
export interface MaintenanceStore extends Store, ScanningReader {
  readonly stored: StoredItems;
  /**
   * Writes one item outside of transactions, which cost twice as much. Only for items that no
   * other item has to agree with: a write whose answer was lost may be carried out twice.
   * @returns whether the condition held
   * @throws Busy, OlderTableFormat
   */
  writeAlone(write: Write): Promise<boolean>;
  /**
   * Finishes large changes whose coordinator crashed.
   * @param limit changes at most
   * @param changed called with the changes that were continued and the items that were
   *   resolved
   */
  sweep(limit: number, changed?: OnChanged): Promise<SweepReport>;
  /** Which format the table has; undefined while it is empty. */
  tableFormat(): Promise<number | undefined>;
  /**
   * Runs `work` on a table of any format; the format is read again afterwards.
   * @param work brings the table to another format
   */
  reformat<T>(work: (table: RawTable) => Promise<T>): Promise<T>;
}

/** Operations receive it as a `Store`, tasks as a `MaintenanceStore`. */
export type OpenStore = (options: StoreOptions) => MaintenanceStore;
