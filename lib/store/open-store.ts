/** The store of one request: strongly consistent reads and guarded changes. */
import type { Clock, Random } from "../model/clock.ts";
import type { NameCache } from "./cache/names.ts";
import { APPEND_LIMIT, appendToShardLogs } from "./cache/shard-log.ts";
import { Shared } from "./cache/shared.ts";
import type { SnapshotCache } from "./cache/snapshot/cache.ts";
import { tableFormat, type UpgradeReport, upgradeTable } from "./cache/upgrade.ts";
import type { GuardedWrite } from "./changes/guarded-write.ts";
import type { Outcome } from "./changes/verdicts.ts";
import { commit } from "./commit.ts";
import { HOT } from "./items/keys.ts";
import { changeItems } from "./large-changes/change-items.ts";
import { readCommitIndex } from "./large-changes/commit-index.ts";
import { type SweepReport, sweepChanges } from "./large-changes/sweep.ts";
import { visible } from "./large-changes/visible.ts";
import type {
  CommitsOf,
  OpenStore,
  Plan,
  QueryOptions,
  ReadOptions,
  ScanPage,
  Store,
  StoredItems,
  StoreOptions,
} from "./store.ts";
import { storedItems } from "./stored-items.ts";
import type { Connection } from "./table/connection.ts";
import { ACTION_OF, keyOf } from "./table/expressions.ts";
import type { Item, Key } from "./table/item.ts";
import { Busy, DamagedRecords, MAX_TRANSACTION_ITEMS } from "./table/refusals.ts";
import { backOff, type Counts } from "./table/retry.ts";
import { isPast, RawTable } from "./table/table.ts";

export interface StoreParts {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
  /** Items that one request may change. */
  readonly maxChangeItems: number;
  /** Milliseconds after which a shard is read in full, whatever its head says. */
  readonly snapshotMaxAge: number;
}

const MAX_PAGES = 2_000;

/** How often one request plans anew before it gives up as busy. */
const MAX_PLANS = 60;

/** How often an answer of many items is put together anew. */
const MAX_ANSWERS = 12;

export function storeOpener(parts: StoreParts): OpenStore {
  const shared = new Shared(parts.snapshotMaxAge);
  return (options) => new RequestStore(parts, shared, options);
}

class RequestStore implements Store {
  readonly clock: Clock;
  readonly random: Random;
  readonly names: NameCache;
  readonly snapshots: SnapshotCache;
  readonly deadline: number;
  readonly counts: Counts = { retries: 0 };
  readonly stored: StoredItems;
  readonly #parts: StoreParts;
  readonly #shared: Shared;
  readonly #table: RawTable;

  constructor(parts: StoreParts, shared: Shared, options: StoreOptions) {
    this.clock = parts.clock;
    this.random = parts.random;
    this.names = shared.names;
    this.snapshots = shared.snapshots;
    this.deadline = options.deadline;
    this.#parts = parts;
    this.#shared = shared;
    this.#table = new RawTable(parts.connection, this, new Set(options.access));
    this.stored = storedItems(this.#table, () => this.format());
  }

  async format(): Promise<void> {
    await this.#shared.format.readable(this.#table);
  }

  #writable(): Promise<void> {
    return this.#shared.format.writable(this.#table);
  }

  async tableFormat(): Promise<number | undefined> {
    return tableFormat(this.#table);
  }

  async upgrade(): Promise<UpgradeReport> {
    const report = await upgradeTable(this.#table);
    this.#shared.format.forget();
    return report;
  }

  async get(key: Key, options: ReadOptions = {}): Promise<Item | undefined> {
    await this.format();
    const [item] = await visible(this.#table, [await this.#table.get(key)], options.onPending);
    return item;
  }

  async batchGet(keys: readonly Key[], options: ReadOptions = {}): Promise<(Item | undefined)[]> {
    await this.format();
    return visible(this.#table, await this.#table.batchGet(keys), options.onPending);
  }

  async query(pk: string, options: QueryOptions = {}): Promise<Item[]> {
    await this.format();
    const { prefix, after, limit } = options;
    if (prefix !== undefined && after !== undefined && isPast(after, prefix)) return [];
    const raw: Item[] = [];
    let start: Key | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const answer = await this.#table.queryPage(pk, options, start);
      raw.push(...answer.items);
      start = answer.next;
      if (start !== undefined && (limit === undefined || raw.length < limit)) continue;
      const seen = (await visible(this.#table, raw, options.onPending)).filter((item) => !!item);
      const enough = limit !== undefined && seen.length >= limit;
      if (start === undefined || enough) return seen.slice(0, limit);
    }
    throw new Error(`a query of ${pk} passed ${MAX_PAGES} pages`);
  }

  async scan(after: Key | undefined, limit: number): Promise<ScanPage> {
    await this.format();
    const { items, next } = await this.#table.scan(after, limit);
    return { items: (await visible(this.#table, items)).filter((item) => !!item), next };
  }

  async consistently<T>(read: () => Promise<T>, commitsOf?: CommitsOf<T>): Promise<T> {
    await this.format();
    let before = this.#shared.committed ?? (await this.#committed());
    for (let attempt = 1; attempt <= MAX_ANSWERS; attempt += 1) {
      const result = await read();
      const now = commitsOf?.(result) ?? (await this.#committed());
      this.#shared.committed = now;
      if (now === before) return result;
      before = now;
    }
    throw new Busy();
  }

  async #committed(): Promise<number> {
    return (await readCommitIndex(this.#table)).commits;
  }

  async change<T>(plan: (attempt: number) => Promise<Plan<T>>): Promise<T> {
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

  async #change<T>(plan: (attempt: number) => Promise<Plan<T>>): Promise<T> {
    for (let attempt = 0; attempt < MAX_PLANS; attempt += 1) {
      if (attempt > 0 && !(await backOff(this, attempt))) break;
      const { writes, result, fulfilled = [], confirm } = await plan(attempt);
      for (const { write } of writes) this.#table.allow(ACTION_OF[write.kind]);
      const keys = [...fulfilled, ...writes.map(({ write }) => keyOf(write))];
      if (keys.some(({ sk }) => sk.startsWith(HOT))) this.#table.allow("UpdateItem");
      const outcome = await this.#apply(writes, keys);
      if (outcome.kind === "done") return result;
      if (outcome.kind === "replan") continue;
      if (outcome.rank === 0 || confirm === undefined || (await confirm())) throw outcome.refusal;
    }
    throw new Busy();
  }

  /** One transaction if it holds all writes, two phases if not; and the heads of `keys`. */
  async #apply(writes: readonly GuardedWrite[], keys: readonly Key[]): Promise<Outcome> {
    if (writes.length > MAX_TRANSACTION_ITEMS) {
      const { log, maxChangeItems: limit } = this.#parts;
      // Before the decision, all the time is left for it: without it there is no decision.
      const append = (changed: readonly Key[]) => this.#append(changed, this.deadline);
      return changeItems({ table: this.#table, limit, appendToShardLogs: append, log }, writes);
    }
    const outcome = await commit(this.#table, writes);
    if (outcome.kind === "done") await this.#append(keys);
    return outcome;
  }

  async appendToShardLogs(keys: readonly Key[]): Promise<boolean> {
    await this.#writable();
    return this.#append(keys);
  }

  /** @param until a request that is done already waits for its heads no longer than a moment */
  #append(keys: readonly Key[], until = this.clock.now() + APPEND_LIMIT): Promise<boolean> {
    const { clock, random, counts } = this;
    const context = { clock, random, counts, deadline: Math.min(this.deadline, until) };
    return appendToShardLogs({ ...this.#parts, context }, keys);
  }

  async sweep(...[limit, changed]: Parameters<Store["sweep"]>): Promise<SweepReport> {
    await this.#writable();
    return sweepChanges({ table: this.#table, log: this.#parts.log, changed }, limit);
  }
}
