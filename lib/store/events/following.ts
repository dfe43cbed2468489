/** The items of one partition of the feed after a place, without a hole. */
import type { FeedPlace } from "../../model/feed-cursor.ts";
import { CursorExpired } from "../../model/refusals/events.ts";
import { feedPk } from "../items/feed.ts";
import { feedEntryOf, feedText } from "../items/feed-entry.ts";
import type { Reader } from "../table/reader.ts";
import { backOff } from "../table/retry.ts";
import { isKept } from "./start.ts";

/** An item, and what of it was not read yet. */
export interface Following {
  readonly partition: number;
  readonly number: number;
  readonly appended: number;
  /** Events of the item that were read before. */
  readonly taken: number;
  /** The others. */
  readonly events: readonly string[];
  /** Events of the item. */
  readonly size: number;
}

export interface Range {
  readonly partition: number;
  readonly place: FeedPlace;
  /** The last item that the counter counts. */
  readonly last: number;
  /** Items at most: each has an event. */
  readonly limit: number;
}

/**
 * How often it is read again: the counter is of a transaction of which a query may show other
 * items a moment later.
 */
const MAX_READS = 4;

/**
 * @returns `more`: there are further ones
 * @throws CursorExpired if the first one is kept no longer
 */
export async function followingOf(
  reader: Reader,
  { partition, place, last, limit }: Range,
): Promise<{ readonly found: readonly Following[]; readonly more: boolean }> {
  const options = { after: feedText(place.number), until: feedText(last), limit };
  for (let read = 1; ; read += 1) {
    const items = await reader.query(feedPk(partition), options);
    const entries = items.map(feedEntryOf);
    const whole = entries.filter(({ number }, index) => number === place.number + 1 + index);
    const [first] = whole;
    if (first === undefined) {
      const isGone = entries.length > 0 && read > 1;
      if (!isGone && read < MAX_READS && (await backOff(reader, read))) continue;
      throw new CursorExpired();
    }
    if (!isKept(first, reader.clock.now())) throw new CursorExpired();
    const found = whole.map(({ events, ...entry }, index) => {
      const taken = index === 0 ? place.taken : 0;
      return { ...entry, taken, events: events.slice(taken), size: events.length };
    });
    return { found, more: (whole.at(-1)?.number ?? last) < last };
  }
}
