/** Reads the events of a consumer or of a provider, page by page. */
import type { RecordedEvent } from "../../model/history/event.ts";
import type { Uuid } from "../../model/uuid.ts";
import {
  changesLength,
  eventKeptUntil,
  eventOf,
  eventPlaceOf,
  eventsPk,
  eventTimeText,
} from "../items/event.ts";
import { HISTORY_KEPT, historyKeptOf } from "../items/history-kept.ts";
import type { Item } from "../table/item.ts";
import type { ItemReader, QueryOptions, Reader } from "../table/reader.ts";

export interface HistoryPage {
  readonly of: "consumer" | "provider";
  readonly subject: Uuid;
  /** Milliseconds since 1970, both included; undefined: no bound. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly limit: number;
  /** The last sort key of the page before. */
  readonly after: string | undefined;
  /** Whether the caller may see the event. */
  shows(event: RecordedEvent): boolean;
}

export interface EventsFound {
  /** A consumer's by its lives, and in each in their order; a provider's by time. */
  readonly events: readonly RecordedEvent[];
  /** Undefined on the last page. */
  readonly next: string | undefined;
}

/** Items of one read, and reads of one page, which bound the search for few events among many. */
const ITEMS = 100;
const MAX_READS = 50;
/** Characters of what one page tells. */
const MAX_LENGTH = 2_000_000;

/** A page may be shorter than `limit` and still have a next one. */
export async function readEvents(reader: Reader, page: HistoryPage): Promise<EventsFound> {
  const { limit, subject } = page;
  const events: RecordedEvent[] = [];
  const range = rangeOf(page);
  let after = page.after ?? range.after;
  let length = 0;
  for (let read = 0; read < MAX_READS; read += 1) {
    const options = { ...range, ...(after === undefined ? {} : { after }), limit: ITEMS };
    const items = await reader.query(eventsPk(subject), options);
    for (const item of items) {
      const event = shownOf(item, page, reader.clock.now());
      if (event !== undefined) {
        // The first event that does not fit proves that there is a next page.
        const isFull = events.length === limit || length > MAX_LENGTH;
        if (isFull) return { events, next: after };
        events.push(event);
        length += changesLength(item);
      }
      after = item.sk;
    }
    if (items.length < ITEMS) return { events, next: undefined };
  }
  return { events, next: after };
}

/** A consumer's events stand by the beginnings of its lives, before which none of them was. */
function rangeOf({ of, from, to }: HistoryPage): Pick<QueryOptions, "after" | "until"> {
  return {
    ...(of === "provider" && from !== undefined && from > 0 && { after: eventTimeText(from) }),
    ...(to !== undefined && { until: eventTimeText(Math.max(0, to + 1)) }),
  };
}

/** Undefined for an event that is not shown: DynamoDB may delete it days after its end. */
function shownOf(item: Item, page: HistoryPage, now: number): RecordedEvent | undefined {
  if (eventPlaceOf(item).of !== page.of || eventKeptUntil(item) <= now) return undefined;
  const event = eventOf(item);
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = page;
  return event.time >= from && event.time <= to && page.shows(event) ? event : undefined;
}

/**
 * From when on every change has its events, in milliseconds since 1970; undefined: from no moment
 * that is known.
 * @param days for which events are kept
 */
export async function completeSince(reader: ItemReader, days: number): Promise<number | undefined> {
  const { since } = historyKeptOf(await reader.get(HISTORY_KEPT));
  const now = reader.clock.now();
  if (since === undefined || since > now || days === 0) return undefined;
  return Math.max(since, now - days * 86_400_000);
}
