/** What waits for the feed, in whatever item it was left. */
import { isUuidLike } from "../../../../model/uuid.ts";
import { eventKeyOf, subjectOfRef } from "../../../items/event-ref.ts";
import { feedPartitionOf } from "../../../items/feed.ts";
import { feedCounterKey, feedCounterOf } from "../../../items/feed-counter.ts";
import type { PendingEvents } from "../../../items/pending-events.ts";
import { isCount } from "../../../items/versions.ts";
import type { Item, Key } from "../../../table/item.ts";

/**
 * Milliseconds for which events may wait while later changes are fed: processes that write at
 * once may have clocks that differ.
 */
const PASSED_OVER = 600_000;

const REF = /^([^#]{36})#./;

export function isRef(ref: unknown): boolean {
  const [, subject] = typeof ref === "string" ? (REF.exec(ref) ?? []) : [];
  return subject !== undefined && isUuidLike(subject);
}

/** Not validated: whether they are as `PendingEvents` has them. */
export function areEvents({ events, until }: PendingEvents): boolean {
  return Array.isArray(events) && events.length > 0 && events.every(isRef) && isCount(until);
}

/** What the rule of such an item looks at. */
export function nearEvents({ events }: PendingEvents): Key[] {
  const refs = Array.isArray(events) ? events.filter(isRef) : [];
  return [...refs.map(counterKeyOf), ...refs.map(eventKeyOf)];
}

const counterKeyOf = (ref: string): Key => feedCounterKey(feedPartitionOf(subjectOfRef(ref)));

interface Waiting extends PendingEvents {
  /** Milliseconds since 1970: since when they wait. */
  readonly time: number;
}

/** Whether their partitions have what came much later. */
export function isPassedOver(
  { events, time }: Waiting,
  near: { get(key: Key): Item | undefined },
): boolean {
  return events.some(
    (ref) => feedCounterOf(near.get(counterKeyOf(ref))).appended > time + PASSED_OVER,
  );
}
