/** Reads what changes have left for the feeder: notes of this process, and items of any. */
import type { PendingWrites } from "../history/pending-writes.ts";
import { subjectOfRef } from "../items/event-ref.ts";
import {
  PENDING,
  type PendingEvents,
  type PendingPlace,
  pendingEventsOf,
  pendingPlaceOf,
} from "../items/pending-events.ts";
import type { MaintenanceStore } from "../maintenance-store.ts";
import type { Item } from "../table/item.ts";
import { timeOfNumber } from "../table/rising-numbers.ts";
import { type WaitingNotes, waitingNotes } from "./feed-notes.ts";

/**
 * Items of one transaction, which has 99 at most, and events: these take an entry of the feed for
 * 50 of them and one more in each partition, and a counter there; notes take one item more.
 */
export const MAX_ITEMS = 71;

export interface LeftEvents {
  readonly place: PendingPlace;
  readonly events: PendingEvents;
  /** Undefined: a note. */
  readonly item?: Item;
}

export interface FoundLeft {
  /** In their order: whatever comes before one of them for a subject of it is among them, or in the feed. */
  readonly left: readonly LeftEvents[];
  readonly waiting: WaitingNotes;
  /** Whether there are others. */
  readonly more: boolean;
}

/**
 * The notes are looked at first: an item that comes before one of them was committed before it, and
 * so is found afterwards. Of this process's own items those are passed over which come after an attempt that may
 * not be decided yet: its note may be of the same subject, and come first.
 */
export async function readLeft(
  store: MaintenanceStore,
  pending: PendingWrites | undefined,
): Promise<FoundLeft> {
  const waiting = await waitingNotes(store, pending);
  const { found, last } = await readItems(store);
  const items = found.flatMap((item): LeftEvents[] => {
    const place = pendingPlaceOf(item);
    if (place === undefined) return [];
    if (place.process === pending?.process && place.number > waiting.bound) return [];
    return [{ place, events: pendingEventsOf(item), item }];
  });
  const process = pending?.process ?? "";
  const notes = waiting.notes.map(({ number, events }): LeftEvents => {
    return { place: { time: timeOfNumber(number), number, process }, events };
  });
  const all = [...items, ...notes].sort((a, b) => inOrder(a.place, b.place));
  const left = last === undefined ? all : all.filter(({ place }) => inOrder(place, last) <= 0);
  return { left, waiting, more: last !== undefined };
}

const inOrder = (a: PendingPlace, b: PendingPlace): number =>
  a.time - b.time || a.number - b.number || (a.process < b.process ? -1 : 1);

/**
 * The first ones, in their order, and whatever comes before one of them for a subject of it. One
 * query may show an item and not yet another one that was committed earlier; a second query, begun
 * after the first, shows all that were committed before what the first has shown.
 * @returns `last`: where they end, if there may be others
 */
async function readItems(
  store: MaintenanceStore,
): Promise<{ readonly found: readonly Item[]; readonly last?: PendingPlace | undefined }> {
  const first = await store.query(PENDING, { limit: MAX_ITEMS });
  const end = first.at(-1);
  if (end === undefined) return { found: [] };
  const seen = new Set(first.map(({ sk }) => sk));
  const second = await store.query(PENDING, { until: end.sk });
  const subjects = new Set<string>();
  const taken = second.reverse().filter((item) => {
    const own = pendingEventsOf(item).events.map(subjectOfRef);
    if (!seen.has(item.sk) && !own.some((each) => subjects.has(each))) return false;
    for (const each of own) subjects.add(each);
    return true;
  });
  const last = first.length < MAX_ITEMS ? undefined : pendingPlaceOf(end);
  return { found: taken.reverse(), last };
}
