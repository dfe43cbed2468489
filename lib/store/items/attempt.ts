/**
 * The last attempt of a process in one of its slots: see `table/attempts.ts`. Items of processes
 * that ended stay until the next process of a data folder removes them.
 */
import { AttemptSlots } from "../table/attempts.ts";
import { below } from "../table/expressions.ts";
import type { Item, Key } from "../table/item.ts";
import type { Attributes } from "../table/notes.ts";
import { attribute, read, stored } from "./attributes.ts";
import { joined } from "./keys.ts";
import { type PendingEvents, pendingEvents, pendingEventsOf } from "./pending-events.ts";

/** The partition of all attempts, so that those of ended processes are found. */
export const ATTEMPTS = "ATTEMPTS";

export const attemptKey = (process: string, slot: number): Key => ({
  pk: ATTEMPTS,
  sk: joined(process, slot),
});

const TAKEN = "TAKEN";

/** Up to which number the notes of a process were taken. */
export const takenKey = (process: string): Key => ({ pk: ATTEMPTS, sk: joined(process, TAKEN) });

export const isTaken = ({ pk, sk }: Key): boolean => pk === ATTEMPTS && sk.endsWith(`#${TAKEN}`);

const LAST_PART = /#(0|[1-9]\d*|TAKEN)$/;

/** Undefined: no key of an attempt. */
export function processOf({ pk, sk }: Key): string | undefined {
  return pk === ATTEMPTS && LAST_PART.test(sk) ? sk.replace(LAST_PART, "") : undefined;
}

export const attempt = {
  /** Rises with every transaction of the slot that is applied. */
  number: attribute<number>("n"),
} as const;

export const takenItem = (process: string, number: number): Item => ({
  ...takenKey(process),
  ...stored(attempt, { number }),
});

/** What an attempt leaves for the feeder: see `notes.ts`. The names are those of pending events. */
export const noteOf = (events: PendingEvents): Attributes => stored(pendingEvents, events);

/** Undefined: it has left nothing. */
export function notedIn(item: Item): PendingEvents | undefined {
  return read(item, pendingEvents.events) === undefined ? undefined : pendingEventsOf(item);
}

/** Not validated. */
export const attemptNumberOf = (item: Readonly<Record<string, unknown>>): unknown =>
  read(item, attempt.number);

/** The number in an item under `takenKey`; 0: there is none, and no note was taken. */
export const takenUpTo = (item: Item | undefined): number =>
  item === undefined ? 0 : Number(attemptNumberOf(item));

/** @param process an id that no process had before */
export function attemptSlots(process: string): AttemptSlots {
  return new AttemptSlots({
    process,
    keyOf: (slot) => attemptKey(process, slot),
    put: (slot, number, { limit, note }) => ({
      kind: "put",
      item: { ...attemptKey(process, slot), ...stored(attempt, { number }), ...note },
      when: [below(attempt.number, limit)],
    }),
    numberOf: (item) => Number(attemptNumberOf(item)),
  });
}
