/** An entry of the feed: what was appended to one of its partitions at once. */
import type { Item, Key } from "../table/item.ts";
import { TABLE_SCHEMA } from "../table/table-schema.ts";
import { attribute, read, stored } from "./attributes.ts";
import { feedPk, partitionOfFeed } from "./feed.ts";

/** Events that one entry names at most. */
export const MAX_APPENDED = 50;

/** Digits of a number: the texts sort as the numbers do, and before the counter. */
const DIGITS = 16;

export const feedText = (number: number): string => String(number).padStart(DIGITS, "0");

export const feedKey = (partition: number, number: number): Key => ({
  pk: feedPk(partition),
  sk: feedText(number),
});

export const feedNumberOf = ({ sk }: Key): number => Number(sk);

export const feedEntry = {
  /** The events, each as `event-ref.ts` names it. */
  events: attribute<readonly string[]>("e"),
  /** Milliseconds since 1970; never falls from one entry to the next. */
  appended: attribute<number>("a"),
  /** Seconds since 1970; never falls from one entry to the next, so that the oldest goes first. */
  expires: attribute<number>(TABLE_SCHEMA.timeToLive),
} as const;

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
