/** Where a follower begins that has no cursor: the first item of a partition that is kept, or the first since a time. */
import type { FeedPlace } from "../../model/feed-cursor.ts";
import { feedPk } from "../items/feed.ts";
import type { FeedCounter } from "../items/feed-counter.ts";
import {
  type FeedEntry,
  feedEntryOf,
  feedKey,
  feedNumberOf,
  feedText,
} from "../items/feed-entry.ts";
import type { Reader } from "../table/reader.ts";

export interface Beginning {
  readonly partition: number;
  readonly counter: FeedCounter;
  /** Milliseconds since 1970: what was appended before it is passed over; undefined: nothing is. */
  readonly since: number | undefined;
}

/** More than the halvings of any number. */
const MAX_HALVINGS = 64;

export const isKept = ({ expires }: Pick<FeedEntry, "expires">, now: number): boolean =>
  expires * 1_000 > now;

/** Neither the ends of items nor the times of their appending fall, so that they can be halved. */
export async function startOf(
  reader: Reader,
  { partition, counter, since = Number.NEGATIVE_INFINITY }: Beginning,
): Promise<FeedPlace> {
  const now = reader.clock.now();
  const fits = (entry: FeedEntry) => isKept(entry, now) && entry.appended >= since;
  const until = feedText(counter.number);
  const [first] = await reader.query(feedPk(partition), { until, limit: 1 });
  if (first === undefined) return { number: counter.number, taken: 0 };
  if (fits(feedEntryOf(first))) return { number: feedNumberOf(first) - 1, taken: 0 };
  /** The last one that is known not to fit, and the first one that is known to, or that is none. */
  let [low, high] = [feedNumberOf(first), counter.number + 1];
  for (let halving = 0; halving < MAX_HALVINGS && high - low > 1; halving += 1) {
    const middle = Math.floor((low + high) / 2);
    const item = await reader.get(feedKey(partition, middle));
    if (item !== undefined && fits(feedEntryOf(item))) high = middle;
    else low = middle;
  }
  return { number: high - 1, taken: 0 };
}
