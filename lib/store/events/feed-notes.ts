/** The notes of this process that wait for the feed, and how far they were taken. */
import { type GuardedWrite, guard, replan } from "../changes/guarded-write.ts";
import type { PendingWrites } from "../history/pending-writes.ts";
import { attempt, takenItem, takenKey, takenUpTo } from "../items/attempt.ts";
import { type PendingEvents, pendingEventsOf } from "../items/pending-events.ts";
import type { MaintenanceStore } from "../maintenance-store.ts";
import type { AttemptSlots } from "../table/attempts.ts";
import { absent, equals } from "../table/expressions.ts";
import type { ItemReader } from "../table/reader.ts";

export interface NotedEvents {
  /** Of the note's attempt. */
  readonly number: number;
  readonly events: PendingEvents;
}

export interface WaitingNotes {
  /** In their order. */
  readonly notes: readonly NotedEvents[];
  /** All up to this number are among them, or were taken. */
  readonly bound: number;
  /** Up to which number they were taken; 0: none was. */
  readonly taken: number;
}

const NONE: WaitingNotes = {
  notes: [],
  bound: Number.POSITIVE_INFINITY,
  taken: 0,
};

/**
 * Decides what answers that were lost have left open: nothing behind such an attempt is fed before.
 * @throws Busy
 */
export async function decideNotes(
  store: MaintenanceStore,
  { notes, items }: AttemptSlots,
): Promise<void> {
  for (const { number, key, fence } of notes.unknown()) {
    if (await store.writeAlone(fence)) notes.decided(number, false);
    else {
      const item = await store.get(key);
      notes.decided(number, item !== undefined && items.numberOf(item) === number);
    }
  }
}

/** Those that another run has taken, whose answer was lost, are not among them. */
export async function waitingNotes(
  reader: ItemReader,
  pending: PendingWrites | undefined,
): Promise<WaitingNotes> {
  const attempts = pending?.attempts;
  if (attempts === undefined) return NONE;
  const { notes, bound } = attempts.notes.settled(attempts.numbers.last);
  const taken = takenUpTo(await reader.get(takenKey(attempts.items.process)));
  attempts.notes.taken(taken);
  const left = notes.filter(({ number }) => number > taken);
  const noted = left.map(({ number, attributes }) => ({
    number,
    events: pendingEventsOf(attributes),
  }));
  return { notes: noted, bound, taken };
}

/** Written with what takes them up to `number`: of two who take the same ones, one plans again. */
export function takenWrite(
  { items: { process } }: AttemptSlots,
  { taken }: WaitingNotes,
  number: number,
): GuardedWrite {
  const unchanged = taken === 0 ? absent("pk") : equals(attempt.number, taken);
  return guard({ kind: "put", item: takenItem(process, number), when: [unchanged] }, () => replan);
}
