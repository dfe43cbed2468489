/** The counter of a partition of the feed: what its last entry has. */
import type { Item, Key } from "../table/item.ts";
import { attribute, read, stored } from "./attributes.ts";
import { feedPk } from "./feed.ts";

const COUNTER = "COUNTER";

export const feedCounterKey = (partition: number): Key => ({ pk: feedPk(partition), sk: COUNTER });

export const isFeedCounter = ({ sk }: Key): boolean => sk === COUNTER;

export const feedCounter = {
  number: attribute<number>("n"),
  /** As `feedEntry` has it. */
  appended: attribute<number>("a"),
  until: attribute<number>("x"),
} as const;

export interface FeedCounter {
  /** Of the last entry; 0: there was none. */
  readonly number: number;
  /** Milliseconds since 1970. */
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
