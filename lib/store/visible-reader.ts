/** Reads that resolve the write intents of unfinished large changes by the commit index. */
import type { Clock, Random } from "../model/clock.ts";
import { visible } from "./large-changes/visible.ts";
import type { HeldLogs } from "./table/connection.ts";
import type { Item, Key } from "./table/item.ts";
import { isEmptyRange } from "./table/ranges.ts";
import type {
  QueryOptions,
  ReadOptions,
  ScanningReader,
  ScanOptions,
  ScanPage,
} from "./table/reader.ts";
import type { Counts } from "./table/retry.ts";
import type { RawTable } from "./table/table.ts";

const MAX_PAGES = 2_000;

export class VisibleReader implements ScanningReader {
  readonly clock: Clock;
  readonly random: Random;
  readonly deadline: number;
  readonly counts: Counts;
  readonly #table: RawTable;
  readonly #ready: () => Promise<unknown>;

  /** @param ready resolves when the format allows reads */
  constructor(table: RawTable, ready: () => Promise<unknown>) {
    const { clock, random, deadline, counts } = table.context;
    this.clock = clock;
    this.random = random;
    this.deadline = deadline;
    this.counts = counts;
    this.#table = table;
    this.#ready = ready;
  }

  get heldLogs(): HeldLogs | undefined {
    return this.#table.connection.heldLogs;
  }

  async get(key: Key, options: ReadOptions = {}): Promise<Item | undefined> {
    await this.#ready();
    const [item] = await visible(this.#table, [await this.#table.get(key)], options.onPending);
    return item;
  }

  async batchGet(keys: readonly Key[], options: ReadOptions = {}): Promise<(Item | undefined)[]> {
    await this.#ready();
    return visible(this.#table, await this.#table.batchGet(keys, options), options.onPending);
  }

  async query(pk: string, options: QueryOptions = {}): Promise<Item[]> {
    await this.#ready();
    const { limit } = options;
    if (isEmptyRange(options)) return [];
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

  async scan(after: Key | undefined, limit: number, options: ScanOptions = {}): Promise<ScanPage> {
    await this.#ready();
    const { items, next } = await this.#table.scan(after, limit, options);
    return { items: (await visible(this.#table, items)).filter((item) => !!item), next };
  }
}
