/**
 * All consumers, page by page: by a walk through the whole table, or of one provider. Each page reads a
 * bounded number of items, so it may be empty although others follow.
 */
import type { Consumer } from "../../model/consumer.ts";
import type { Uuid } from "../../model/uuid.ts";
import { CONSUMER_PREFIX, consumerKey, consumerOf } from "../items/consumer.ts";
import type { Key } from "../table/item.ts";
import type { Reader, ScanningReader } from "../table/reader.ts";
import { readConsumers } from "./change.ts";
import { holdersPage } from "./holders.ts";

export interface ConsumerFilter {
  /** Last changed at this moment or before: milliseconds since 1970. */
  readonly until: number | undefined;
  /** Null: without a type; undefined: all. */
  readonly type: string | null | undefined;
}

export interface WalkPage<Position> extends ConsumerFilter {
  readonly limit: number;
  readonly after: Position | undefined;
}

export interface Walked<Position> {
  readonly consumers: readonly Consumer[];
  /** Undefined on the last page. */
  readonly next: Position | undefined;
}

/** Items that one page reads at most, consumers or not. */
const MAX_ITEMS = 10_000;
/** Items of one call: about one in three is a consumer. Each further call may read twice as many. */
const ITEMS_FOR_EACH = 4;
const MIN_READ = 100;
const MAX_READ = 2_000;

/**
 * In the order of the table, which a consumer never leaves: its partition key decides where it stands. So a walk
 * shows each consumer at most once, and all that are there from its first page to its last.
 */
export async function walkConsumers(
  reader: ScanningReader,
  { limit, after: first, ...filter }: WalkPage<Key>,
): Promise<Walked<Key>> {
  const consumers: Consumer[] = [];
  let after = first;
  let wanted = Math.max(MIN_READ, limit * ITEMS_FOR_EACH);
  for (let left = MAX_ITEMS; left > 0; wanted *= 2) {
    const count = Math.min(left, wanted, MAX_READ);
    const page = await reader.scan(after, count, { prefix: CONSUMER_PREFIX });
    for (const consumer of page.items.map(consumerOf)) {
      if (!passes(consumer, filter)) continue;
      const last = consumers.at(-1);
      if (last !== undefined && consumers.length === limit) {
        return { consumers, next: consumerKey(last.uuid) };
      }
      consumers.push(consumer);
    }
    if (page.next === undefined) return { consumers, next: undefined };
    after = page.next;
    left -= count;
    if (consumers.length === limit) break;
  }
  return { consumers, next: after };
}

/** Pages of look-up items that one page of consumers reads at most. */
const MAX_READS = 10;

/** Those that hold something on a provider, by their uuids. */
export async function providerConsumers(
  reader: Reader,
  provider: Uuid,
  { limit, after: first, ...filter }: WalkPage<Uuid>,
): Promise<Walked<Uuid>> {
  const consumers: Consumer[] = [];
  let after = first;
  for (let read = 0; read < MAX_READS; read += 1) {
    const { holders, next } = await holdersPage(reader, provider, { limit, after });
    const uuids = holders.filter((each) => isOld(each, filter)).map((each) => each.consumer);
    const found = await readConsumers(reader, uuids);
    for (const uuid of uuids) {
      const consumer = found.get(uuid);
      if (consumer === undefined || !consumer.allocations.has(provider)) continue;
      if (!passes(consumer, filter)) continue;
      if (consumers.length === limit) return { consumers, next: consumers.at(-1)?.uuid };
      consumers.push(consumer);
    }
    if (next === undefined) return { consumers, next: undefined };
    after = next;
    if (consumers.length === limit) break;
  }
  return { consumers, next: after };
}

function isOld({ updated }: { readonly updated: number }, { until }: ConsumerFilter): boolean {
  return until === undefined || updated <= until;
}

function passes(consumer: Consumer, filter: ConsumerFilter): boolean {
  return isOld(consumer, filter) && (filter.type === undefined || consumer.type === filter.type);
}
