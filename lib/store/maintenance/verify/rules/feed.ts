/** The feed of events: its numbers have no hole, and nothing that waited for it was passed over. */
import { subjectOfRef } from "../../../items/event-ref.ts";
import { FEED_PARTITIONS, feedPartitionOf, partitionOfFeed } from "../../../items/feed.ts";
import { feedCounterKey, feedCounterOf } from "../../../items/feed-counter.ts";
import { feedEntryOf, feedKey, MAX_APPENDED } from "../../../items/feed-entry.ts";
import { pendingEventsOf, pendingPlaceOf } from "../../../items/pending-events.ts";
import { isCount } from "../../../items/versions.ts";
import type { Item } from "../../../table/item.ts";
import { type Finding, finding } from "../finding.ts";
import type { Rule } from "../rule.ts";
import { areEvents, isPassedOver, isRef, nearEvents } from "./waiting-events.ts";

const isPartition = (partition: number): boolean =>
  isCount(partition) && partition < FEED_PARTITIONS;

/** The last item is there until it expires, and those before it are older. */
export const feedCounterRule: Rule = {
  needs: (item) => ({ keys: [feedKey(partitionOfFeed(item), feedCounterOf(item).number)] }),
  check(item, near) {
    const partition = partitionOfFeed(item);
    const where = `${item.pk} ${item.sk}`;
    if (!isPartition(partition)) {
      return [finding("misplaced", `${where} is no place of a counter of the feed`, item)];
    }
    const { number, appended, until } = feedCounterOf(item);
    if (![number, appended, until].every(isCount) || number === 0) {
      return [finding("malformed", `${where} is no counter of the feed`, item)];
    }
    const lastKey = feedKey(partition, number);
    const last = near.get(lastKey);
    if (last === undefined) {
      if (until * 1_000 <= near.now) return [];
      return [finding("feed", `${where} counts ${number}, which is missing`, item, lastKey)];
    }
    const entry = feedEntryOf(last);
    if (entry.appended === appended && entry.expires === until) return [];
    return [finding("feed", `${where} differs from its last item`, item, last)];
  },
};

/** Each is followed by another one, up to the counter. */
export const feedEntryRule: Rule = {
  needs(item) {
    const { partition, number } = feedEntryOf(item);
    return { keys: [feedCounterKey(partition), feedKey(partition, number + 1)] };
  },
  check(item, near) {
    const where = `${item.pk} ${item.sk}`;
    const { partition, number, events, appended, expires } = feedEntryOf(item);
    if (!isPartition(partition) || !isCount(number) || number === 0) {
      return [finding("misplaced", `${where} is no place in the feed`, item)];
    }
    const isRead = Array.isArray(events) && [appended, expires].every(isCount);
    if (!isRead || events.length === 0 || events.length > MAX_APPENDED || !events.every(isRef)) {
      return [finding("malformed", `${where} names no events`, item)];
    }
    const found: Finding[] = [];
    const counterKey = feedCounterKey(partition);
    if (events.some((each) => feedPartitionOf(subjectOfRef(each)) !== partition)) {
      found.push(finding("feed", `${where} names an event of another partition`, item));
    }
    const counter = feedCounterOf(near.get(counterKey));
    if (number > counter.number) {
      const what = `${where} is above the counter ${counter.number}`;
      found.push(finding("feed", what, item, counterKey));
    }
    const nextKey = feedKey(partition, number + 1);
    const next = near.get(nextKey);
    // DynamoDB deletes what has expired in any order.
    const isKept = expires * 1_000 > near.now;
    if (isKept && number < counter.number && next === undefined) {
      const what = `${where} is followed by none, and the counter is ${counter.number}`;
      found.push(finding("feed", what, item, counterKey, nextKey));
    }
    if (next !== undefined && isBefore(next, item)) {
      found.push(finding("feed", `${where} is followed by an older one`, item, next));
    }
    return found;
  },
};

function isBefore(next: Item, item: Item): boolean {
  const [a, b] = [feedEntryOf(next), feedEntryOf(item)];
  return a.appended < b.appended || a.expires < b.expires;
}

/** The feeder takes the oldest first: what came later is not in the feed before it. */
export const pendingEventsRule: Rule = {
  needs: (item) => ({ keys: nearEvents(pendingEventsOf(item)) }),
  check(item, near) {
    const where = `${item.pk} ${item.sk}`;
    const place = pendingPlaceOf(item);
    if (place === undefined) {
      return [finding("misplaced", `${where} is no place of pending events`, item)];
    }
    const pending = pendingEventsOf(item);
    if (!areEvents(pending)) return [finding("malformed", `${where} names no events`, item)];
    if (!isPassedOver({ ...pending, time: place.time }, near)) return [];
    return [finding("feed", `${where} waits, and later events are in the feed`, item)];
  },
};
