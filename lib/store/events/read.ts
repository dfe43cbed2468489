/** Reads the feed of events from a cursor on: all its partitions, or the one of a subject. */
import type { FeedCursor, FeedPlace } from "../../model/feed-cursor.ts";
import type { RecordedEvent } from "../../model/history/event.ts";
import { CursorExpired, OtherEpoch } from "../../model/refusals/events.ts";
import type { Uuid } from "../../model/uuid.ts";
import { changesLength, eventKeptUntil, eventOf } from "../items/event.ts";
import { eventKeyOf, subjectOfRef } from "../items/event-ref.ts";
import { FEED_PARTITIONS, feedPartitionOf } from "../items/feed.ts";
import { type FeedCounter, feedCounterKey, feedCounterOf } from "../items/feed-counter.ts";
import { FEED_STATE } from "../items/feed-state.ts";
import { META_KEY } from "../items/table-format.ts";
import type { Reader } from "../table/reader.ts";
import { epochOf } from "./epoch.ts";
import { type Following, followingOf } from "./following.ts";
import { startOf } from "./start.ts";

export interface FeedRequest {
  /** Undefined: from the first event that is kept on. */
  readonly cursor: FeedCursor | undefined;
  /** Milliseconds since 1970: events before it are passed over. */
  readonly since: number | undefined;
  readonly subject: Uuid | undefined;
  /** Events of the answer at most. */
  readonly limit: number;
  /** Whether the caller may see the event, and asks for it. */
  shows(event: RecordedEvent): boolean;
}

export interface FeedPage {
  /** Those of a subject in their order. */
  readonly events: readonly RecordedEvent[];
  readonly next: FeedCursor;
  /** Whether the feed has more that was not looked at. */
  readonly more: boolean;
}

/** Events of one read, and those that one page looks at, which bound the search for few among many. */
const BATCH = 100;
const MAX_LOOKED_AT = 2_000;
/** Items of one partition that one page reads. */
const MAX_ITEMS = 100;
/** Characters of what one page tells. */
const MAX_LENGTH = 2_000_000;

/** @throws OtherEpoch, CursorExpired */
export async function readFeed(reader: Reader, request: FeedRequest): Promise<FeedPage> {
  const { cursor, subject } = request;
  const partitions =
    subject === undefined
      ? Array.from({ length: FEED_PARTITIONS }, (_, index) => index)
      : [feedPartitionOf(subject)];
  const [meta, state, ...items] = await reader.batchGet([
    META_KEY,
    FEED_STATE,
    ...partitions.map(feedCounterKey),
  ]);
  const epoch = epochOf(meta, state);
  if (cursor !== undefined && cursor.epoch !== epoch) throw new OtherEpoch();
  const places: (FeedPlace | undefined)[] = [
    ...(cursor?.places ?? new Array<undefined>(FEED_PARTITIONS).fill(undefined)),
  ];
  const begun = partitions.map(async (partition, index) => {
    const counter = feedCounterOf(items[index]);
    const { since } = request;
    const place = places[partition] ?? (await startOf(reader, { partition, counter, since }));
    places[partition] = place;
    return behind(reader, { partition, counter, place }, Math.min(request.limit, MAX_ITEMS));
  });
  const parts = await Promise.all(begun);
  const following = parts.flatMap(({ found }) => found).sort(inFeedOrder);
  const read = await loadEvents(reader, request, { following, places });
  const more = read.more || parts.some((part) => part.more);
  return { events: read.events, next: { epoch, places }, more };
}

interface Behind {
  readonly partition: number;
  readonly counter: FeedCounter;
  readonly place: FeedPlace;
}

/** What follows the place in one partition. @throws CursorExpired */
async function behind(reader: Reader, { partition, counter, place }: Behind, limit: number) {
  // A restored table of which nobody has said so.
  if (place.number > counter.number) throw new CursorExpired();
  if (place.number === counter.number) return { found: [], more: false };
  return followingOf(reader, { partition, place, last: counter.number, limit });
}

/** About as they were appended; those of a partition in their order. */
function inFeedOrder(a: Following, b: Following): number {
  return a.appended - b.appended || a.partition - b.partition || a.number - b.number;
}

interface Loading {
  readonly following: readonly Following[];
  /** Is brought to where the reading ended. */
  readonly places: (FeedPlace | undefined)[];
}

interface Loaded {
  readonly events: readonly RecordedEvent[];
  readonly more: boolean;
}

/** Reads the events themselves, until the page is full. */
async function loadEvents(
  reader: Reader,
  { subject, limit, shows }: FeedRequest,
  { following, places }: Loading,
): Promise<Loaded> {
  const named = following.flatMap((entry) =>
    entry.events.map((ref, index) => ({ entry, ref, index: entry.taken + index })),
  );
  const events: RecordedEvent[] = [];
  let length = 0;
  for (let from = 0; from < named.length; from += BATCH) {
    if (from >= MAX_LOOKED_AT) return { events, more: true };
    const part = named.slice(from, from + BATCH);
    const wanted = part.filter(({ ref }) => subject === undefined || subjectOfRef(ref) === subject);
    const items = await reader.batchGet(wanted.map(({ ref }) => eventKeyOf(ref)));
    const found = new Map(wanted.map((each, index) => [each, items[index]]));
    for (const each of part) {
      const item = found.get(each);
      if (item !== undefined && eventKeptUntil(item) > reader.clock.now()) {
        const event = eventOf(item);
        if (shows(event)) {
          if (events.length === limit || length > MAX_LENGTH) return { events, more: true };
          events.push(event);
          length += changesLength(item);
        }
      }
      const { entry, index } = each;
      const isLast = index + 1 === entry.size;
      places[entry.partition] = isLast
        ? { number: entry.number, taken: 0 }
        : { number: entry.number - 1, taken: index + 1 };
    }
  }
  return { events, more: false };
}
