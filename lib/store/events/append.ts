/**
 * Appends events to the feed. The counter of a partition and its new items are written in one
 * transaction, the counter as it was read: so the numbers have no holes, and what two append at
 * once is planned again by one of them.
 */
import { type GuardedWrite, guard, replan } from "../changes/guarded-write.ts";
import { subjectOfRef } from "../items/event-ref.ts";
import { feedPartitionOf } from "../items/feed.ts";
import {
  type FeedCounter,
  feedCounter,
  feedCounterKey,
  feedCounterOf,
} from "../items/feed-counter.ts";
import {
  type FeedEntry,
  feedEntryOf,
  feedItem,
  feedKey,
  MAX_APPENDED,
} from "../items/feed-entry.ts";
import { absent, equals, set } from "../table/expressions.ts";
import type { ItemReader } from "../table/reader.ts";

/** An event that is to be appended. */
export interface Appended {
  /** As `event-ref.ts` names it. */
  readonly event: string;
  /** Seconds since 1970: when it expires. */
  readonly until: number;
}

/** In their order, by the partition of their subject. */
export function byPartition(events: readonly Appended[]): Map<number, Appended[]> {
  const parts = new Map<number, Appended[]>();
  for (const each of events) {
    const partition = feedPartitionOf(subjectOfRef(each.event));
    const known = parts.get(partition);
    if (known === undefined) parts.set(partition, [each]);
    else known.push(each);
  }
  return parts;
}

export interface AppendOptions {
  /** Last items of each partition whose events are not appended once more. */
  readonly lookBack: number;
}

/** What a plan of `Store.change` writes to append the events. */
export async function appendWrites(
  reader: ItemReader,
  events: ReadonlyMap<number, readonly Appended[]>,
  { lookBack }: AppendOptions,
): Promise<GuardedWrite[]> {
  const partitions = [...events.keys()];
  const items = await reader.batchGet(partitions.map(feedCounterKey));
  const writes: GuardedWrite[] = [];
  for (const [index, partition] of partitions.entries()) {
    const counter = feedCounterOf(items[index]);
    const known = await recent(reader, { partition, number: counter.number }, lookBack);
    const fresh = (events.get(partition) ?? []).filter(({ event }) => !known.has(event));
    if (fresh.length === 0) continue;
    writes.push(...partitionWrites(partition, counter, { fresh, now: reader.clock.now() }));
  }
  return writes;
}

/** The events of the last items. */
async function recent(
  reader: ItemReader,
  { partition, number }: Pick<FeedEntry, "partition" | "number">,
  lookBack: number,
): Promise<Set<string>> {
  const most = Math.min(lookBack, number);
  const keys = Array.from({ length: most }, (_, index) => feedKey(partition, number - index));
  const items = await reader.batchGet(keys);
  return new Set(items.flatMap((item) => (item === undefined ? [] : feedEntryOf(item).events)));
}

interface Fresh {
  readonly fresh: readonly Appended[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

function partitionWrites(
  partition: number,
  before: FeedCounter,
  { fresh, now }: Fresh,
): GuardedWrite[] {
  const appended = Math.max(before.appended, Math.floor(now));
  const entries: FeedEntry[] = [];
  let { number, until } = before;
  for (let from = 0; from < fresh.length; from += MAX_APPENDED) {
    const part = fresh.slice(from, from + MAX_APPENDED);
    number += 1;
    until = Math.max(until, ...part.map((each) => each.until));
    const events = part.map(({ event }) => event);
    entries.push({ partition, number, events, appended, expires: until });
  }
  return [
    counterWrite(partition, before, { number, appended, until }),
    ...entries.map((entry) =>
      guard({ kind: "put", item: feedItem(entry), when: [absent("pk")] }, () => replan),
    ),
  ];
}

function counterWrite(partition: number, before: FeedCounter, after: FeedCounter): GuardedWrite {
  const unchanged =
    before.number === 0 ? absent(...feedCounter.number) : equals(feedCounter.number, before.number);
  const changes = [
    set(feedCounter.number, after.number),
    set(feedCounter.appended, after.appended),
    set(feedCounter.until, after.until),
  ];
  const key = feedCounterKey(partition);
  return guard({ kind: "update", key, changes, when: [unchanged] }, () => replan);
}
