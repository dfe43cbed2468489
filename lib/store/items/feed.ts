/**
 * The feed of events, in partitions: what was appended to each at once is one item, with a number
 * that is one more than that of the item before, and the partition's last number is in its counter.
 * See docs/events.md.
 */
import type { Uuid } from "../../model/uuid.ts";
import type { Item, Key } from "../table/item.ts";
import { TABLE_SCHEMA } from "../table/table-schema.ts";
import { attribute, read, stored } from "./attributes.ts";
import { afterFirst, joined } from "./keys.ts";
import { shardOf } from "./shard.ts";

export const FEED = "FEED";

/** A cursor names a place in each: another number would make all of them invalid. */
export const FEED_PARTITIONS = 8;

/** Events that one item names at most. */
export const MAX_APPENDED = 50;

const COUNTER = "COUNTER";

/** Digits of a number: the texts sort as the numbers do, and before the counter. */
const DIGITS = 16;

/** All events of a subject are in one partition. */
export const feedPartitionOf = (subject: Uuid): number => shardOf(subject, FEED_PARTITIONS);

export const feedPk = (partition: number): string => joined(FEED, partition);

export const feedText = (number: number): string => String(number).padStart(DIGITS, "0");

export const feedKey = (partition: number, number: number): Key => ({
  pk: feedPk(partition),
  sk: feedText(number),
});

export const feedCounterKey = (partition: number): Key => ({ pk: feedPk(partition), sk: COUNTER });

export const isFeedCounter = ({ sk }: Key): boolean => sk === COUNTER;

export const partitionOfFeed = ({ pk }: Key): number => Number(afterFirst(pk));

export const feedNumberOf = ({ sk }: Key): number => Number(sk);

export const feedCounter = {
  number: attribute<number>("n"),
  /** Of the last item, as below. */
  appended: attribute<number>("a"),
  until: attribute<number>("x"),
} as const;

export const feedEntry = {
  /** The events, each as `event-ref.ts` names it. */
  events: attribute<readonly string[]>("e"),
  /** Milliseconds since 1970; never falls from one item to the next. */
  appended: attribute<number>("a"),
  /** Seconds since 1970; never falls from one item to the next, so that the oldest goes first. */
  expires: attribute<number>(TABLE_SCHEMA.timeToLive),
} as const;

export interface FeedCounter {
  /** Of the last item; 0: there was none. */
  readonly number: number;
  readonly appended: number;
  /** Seconds since 1970. */
  readonly until: number;
}

export function feedCounterOf(item: Item | undefined): FeedCounter {
  if (item === undefined) return { number: 0, appended: 0, until: 0 };
  return {
    number: read(item, feedCounter.number),
    appended: read(item, feedCounter.appended),
    until: read(item, feedCounter.until),
  };
}

export const feedCounterItem = (partition: number, counter: FeedCounter): Item => ({
  ...feedCounterKey(partition),
  ...stored(feedCounter, counter),
});

export interface FeedEntry {
  readonly partition: number;
  readonly number: number;
  readonly events: readonly string[];
  /** Milliseconds since 1970. */
  readonly appended: number;
  /** Seconds since 1970. */
  readonly expires: number;
}

export const feedItem = ({ partition, number, ...entry }: FeedEntry): Item => ({
  ...feedKey(partition, number),
  ...stored(feedEntry, entry),
});

export const feedEntryOf = (item: Item): FeedEntry => ({
  partition: partitionOfFeed(item),
  number: feedNumberOf(item),
  events: read(item, feedEntry.events),
  appended: read(item, feedEntry.appended),
  expires: read(item, feedEntry.expires),
});
