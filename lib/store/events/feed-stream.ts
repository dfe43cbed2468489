/**
 * Brings into the feed what the table's stream tells. A batch may be delivered again, as a whole or
 * from its middle: events of the last items are not appended once more.
 */
import type { RecordedEvent } from "../../model/history/event.ts";
import { eventKeptUntil, eventOf } from "../items/event.ts";
import { eventRef } from "../items/event-ref.ts";
import { kindOf } from "../items/kinds.ts";
import { intentOf } from "../items/write-intent.ts";
import type { MaintenanceStore } from "../maintenance-store.ts";
import type { Item } from "../table/item.ts";
import { UnfinishedLoad } from "../table/refusals.ts";
import { decodeItem, type WireItem } from "../table/wire/items.ts";
import { appendWrites, byPartition } from "./append.ts";

export type { WireItem } from "../table/wire/items.ts";

/** Items of a partition: what a redelivered batch has appended is among them. */
const LOOK_BACK = 8;

/**
 * Milliseconds: the stream keeps what it tells for a day. An older event was brought there by a
 * load, and is no news.
 */
const NEWS = 90_000_000;

/** Events of one transaction. */
const MAX_EVENTS = 500;

/**
 * The events that new images show: of a large change, those that were carried out. An image with a
 * write intent is not decided yet, and comes once more without it.
 * @param now milliseconds since 1970
 */
export function eventItemsIn(images: readonly WireItem[], now: number): Item[] {
  return images.flatMap((image) => {
    const item = decodeItem(image) as Item;
    if (kindOf(item) !== "event" || intentOf(item) !== undefined) return [];
    return eventOf(item).time >= now - NEWS ? item : [];
  });
}

export interface StreamedReport {
  readonly events: readonly RecordedEvent[];
  /** Milliseconds since the oldest of them; 0: there were none. */
  readonly lag: number;
}

/**
 * Appends them, partition by partition, so that two who append at once refuse one another seldom.
 * While a dump is loaded, what the stream tells is none of the table's changes.
 * @param items in the order of the stream
 * @throws Busy, UnknownOutcome: some may have been appended
 */
export async function feedStreamed(
  store: MaintenanceStore,
  items: readonly Item[],
): Promise<StreamedReport> {
  try {
    return await feedItems(store, items);
  } catch (error) {
    if (error instanceof UnfinishedLoad) return { events: [], lag: 0 };
    throw error;
  }
}

async function feedItems(store: MaintenanceStore, items: readonly Item[]): Promise<StreamedReport> {
  const told = items.map((item) => ({
    event: eventRef(item),
    until: Math.ceil(eventKeptUntil(item) / 1_000),
  }));
  for (const [partition, events] of byPartition(told)) {
    for (let from = 0; from < events.length; from += MAX_EVENTS) {
      const part = new Map([[partition, events.slice(from, from + MAX_EVENTS)]]);
      await store.change(async () => ({
        writes: await appendWrites(store, part, { lookBack: LOOK_BACK }),
        result: undefined,
      }));
    }
  }
  const events = items.map(eventOf);
  const now = store.clock.now();
  return { events, lag: Math.max(0, ...events.map(({ time }) => now - time)) };
}
