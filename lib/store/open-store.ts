/** The store of one request: strongly consistent reads and guarded changes. */

import type { Clock, Random } from "../model/clock.ts";
import type { Author } from "../model/history/event.ts";
import { Appender } from "./cache/appender.ts";
import { tableFormat } from "./cache/establish.ts";
import { listCustom, type NameDirectory, type Needed } from "./cache/names.ts";
import { type Shareable, Shared } from "./cache/shared.ts";
import type { GuardedWrite } from "./changes/guarded-write.ts";
import { commit } from "./commit.ts";
import { eventWrites, MENDING } from "./history/event-writes.ts";
import type { Left, PendingWrites } from "./history/pending-writes.ts";
import type { CustomName, NameKind } from "./items/custom-name.ts";
import { isHot } from "./items/hot.ts";
import { FORMAT } from "./items/table-format.ts";
import { changeItems } from "./large-changes/change-items.ts";
import { requireRoom } from "./large-changes/limit.ts";
import { type SweepReport, sweepChanges } from "./large-changes/sweep.ts";
import type { MaintenanceStore, OpenStore, StoredItems } from "./maintenance-store.ts";
import type { Planner } from "./store.ts";
import { storedItems } from "./stored-items.ts";
import type { Connection } from "./table/connection.ts";
import { ACTION_OF, keyOf, type Write } from "./table/expressions.ts";
import type { Key } from "./table/item.ts";
import { type Meter, metered, newMeter } from "./table/meter.ts";
import type { ScanningReader } from "./table/reader.ts";
import { Busy, DamagedRecords } from "./table/refusals.ts";
import { backOff } from "./table/retry.ts";
import { RawTable } from "./table/table.ts";
import { transactionItems } from "./table/transaction.ts";
import { VisibleReader } from "./visible-reader.ts";

export interface StoreParts {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
  /** Items that one request may change. */
  readonly maxChangeItems: number;
  /** For how many days events are kept; 0: none are written. */
  readonly historyDays: number;
  /** Leaves events for a feeder; undefined: the table's stream tells of them, or nobody does. */
  readonly pending?: PendingWrites | undefined;
  /** Milliseconds after which a shard is read in full, no matter what its log names. */
  readonly snapshotMaxAge: number;
}

/** How often one request plans again before it ends as busy. */
const MAX_PLANS = 60;

export function storeOpener(parts: StoreParts): OpenStore {
  // Only the embedded engine recognises writes by attempts.
  const paysUnits = parts.connection.attempts === undefined;
  const shared = new Shared({ snapshotMaxAge: parts.snapshotMaxAge, paysUnits });
  return (options) => {
    const { clock, random } = parts;
    const meter = newMeter();
    const connection = { ...parts.connection, client: metered(parts.connection.client, meter) };
    const context = { clock, random, deadline: options.deadline, counts: meter };
    const table = new RawTable(connection, context, new Set(options.access));
    const own = { connection, meter, author: options.author ?? MENDING };
    return new RequestStore({ ...parts, ...own }, shared, table);
  };
}

interface RequestParts extends StoreParts {
  readonly meter: Meter;
  readonly author: Author;
}

class RequestStore extends VisibleReader implements MaintenanceStore {
  readonly stored: StoredItems;
  readonly meter: Meter;
  readonly #parts: RequestParts;
  readonly #shared: Shared;
  readonly #table: RawTable;
  readonly #appender: Appender;
  /** What the writes of this request have to keep. */
  #format = FORMAT;

  constructor(parts: RequestParts, shared: Shared, table: RawTable) {
    const readable = () => shared.format.readable(table);
    super(table, readable);
    this.stored = storedItems(table, readable);
    this.meter = parts.meter;
    this.#parts = parts;
    this.#shared = shared;
    this.#table = table;
    this.#appender = new Appender({ ...parts, context: this });
  }

  async #writable(): Promise<void> {
    this.#format = await this.#shared.format.writable(this.#table);
  }

  async tableFormat(): Promise<number | undefined> {
    return tableFormat(this.#table);
  }

  async reformat<T>(work: (table: RawTable) => Promise<T>): Promise<T> {
    const result = await work(this.#table);
    this.#shared.format.forget();
    this.#parts.connection.heldLogs?.reset();
    return result;
  }

  async classes(needed: Needed): Promise<NameDirectory> {
    return this.#shared.names.directory(this, "CLASSES", needed);
  }

  async traits(needed: Needed): Promise<NameDirectory> {
    return this.#shared.names.directory(this, "TRAITS", needed);
  }

  async naming(kind: NameKind, ids: readonly number[]): Promise<NameDirectory> {
    return this.#shared.names.naming(this, kind, ids);
  }

  async customNames(kind: NameKind): Promise<CustomName[]> {
    return listCustom(this, kind);
  }

  shared<T>(make: Shareable<T>): T {
    return this.#shared.of(make);
  }

  async list<T>(
    read: (reader: ScanningReader, logged: boolean) => Promise<T>,
    commitsOf?: (result: T) => number | undefined,
  ): Promise<T> {
    const { commits, format } = this.#shared;
    // Functions of an older release do not append to the logs.
    const logged = (await format.readable(this.#table)) === FORMAT;
    return commits.unchangedDuring(this.#table, () => read(this, logged), commitsOf);
  }

  async change<T>(plan: Planner<T>): Promise<T> {
    await this.#writable();
    try {
      return await this.#change(plan);
    } catch (error) {
      if (error instanceof DamagedRecords) {
        const given = { message: "records contradict each other", detail: error.message };
        this.#parts.log({ level: "WARN", metric: "DamagedRecords", ...given });
      }
      throw error;
    }
  }

  async #change<T>(plan: Planner<T>): Promise<T> {
    const { maxChangeItems, historyDays: days, author, pending } = this.#parts;
    const taken = new Set<string>();
    for (let attempt = 0; attempt < MAX_PLANS; attempt += 1) {
      if (attempt > 0 && !(await backOff(this, attempt))) break;
      const planned = await plan(attempt);
      const { result, committed, fulfilled = [], named = [], confirm } = planned;
      requireRoom(planned.writes, maxChangeItems);
      const events = await eventWrites(this, planned.changed, { author, days, taken });
      const told = [...planned.writes, ...events];
      for (const { write } of told) this.#table.allow(ACTION_OF[write.kind]);
      const keys = [...fulfilled, ...named, ...told.map(({ write }) => keyOf(write))];
      if (keys.some(isHot)) this.#table.allow("UpdateItem");
      const left = await pending?.leave(events, this.#fits(told), this);
      const writes = [...told, ...(left?.writes ?? [])];
      const outcome = await this.#apply(writes, keys, left).finally(() => left?.close());
      if (outcome.kind === "done") {
        if (events.length > 0) pending?.written();
        return committed === undefined ? result : committed();
      }
      if (outcome.kind === "replan") continue;
      if (outcome.rank === 0 || confirm === undefined || (await confirm())) throw outcome.refusal;
    }
    throw new Busy();
  }

  #fits(writes: readonly GuardedWrite[]): boolean {
    return writes.length <= transactionItems(this.#table.connection);
  }

  /** One transaction, with the note of `left`, or a large change; then appends to the logs of `keys`. */
  async #apply(writes: readonly GuardedWrite[], keys: readonly Key[], left?: Left) {
    if (!this.#fits(writes)) {
      // Before its decision, which requires the append: it may take all the time that is left.
      const appendToShardLogs = () => {
        // Nothing else begins where its intents are.
        left?.close();
        return this.#append(keys, this.deadline);
      };
      return changeItems({ table: this.#table, appendToShardLogs, log: this.#parts.log }, writes);
    }
    const committed = await commit(this.#table, writes, left?.note);
    if (committed.kind === "done") await this.#append(keys);
    return committed;
  }

  async appendToShardLogs(keys: readonly Key[]): Promise<boolean> {
    await this.#writable();
    return this.#append(keys);
  }

  /** @param until milliseconds since 1970 */
  #append(keys: readonly Key[], until?: number): Promise<boolean> {
    return this.#appender.append(keys, this.#format, until);
  }

  async writeAlone(write: Write): Promise<boolean> {
    await this.#writable();
    return this.#table.write(write);
  }

  async sweep(...[limit, changed]: Parameters<MaintenanceStore["sweep"]>): Promise<SweepReport> {
    await this.#writable();
    return sweepChanges({ table: this.#table, log: this.#parts.log, changed }, limit);
  }
}
