/**
 * Events that are not in the feed yet, where no stream tells of them: the transaction of a change
 * leaves such an item, and the feeder removes it with the append. See docs/events.md.
 */
import type { Item, Key } from "../table/item.ts";
import { attribute, read, stored } from "./attributes.ts";
import { joined } from "./keys.ts";

/** The partition of all of them. */
export const PENDING = "PENDING";

/** Digits of a time and of a number: the texts sort as the numbers do. */
const DIGITS = 16;
const digits = (number: number): string => String(Math.trunc(number)).padStart(DIGITS, "0");

/** Events that one item names at most. */
export const MAX_PENDING = 50;

export interface PendingPlace {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Rises with each item of a process. */
  readonly number: number;
  /** Others may use the same numbers. */
  readonly process: string;
}

export const pendingKey = ({ time, number, process }: PendingPlace): Key => ({
  pk: PENDING,
  sk: joined(digits(time), digits(number), process),
});

const PLACE = /^(\d{16})#(\d{16})#([0-9a-z-]{1,64})$/;

/** Undefined: no key of such an item. */
export function pendingPlaceOf({ sk }: Key): PendingPlace | undefined {
  const [, time, number, process] = PLACE.exec(sk) ?? [];
  if (process === undefined) return undefined;
  return { time: Number(time), number: Number(number), process };
}

export const pendingEvents = {
  /** As `event-ref.ts` names them, in their order. */
  events: attribute<readonly string[]>("e"),
  /** Seconds since 1970: when the events expire. */
  until: attribute<number>("x"),
} as const;

export interface PendingEvents {
  readonly events: readonly string[];
  readonly until: number;
}

export const pendingItem = (place: PendingPlace, events: PendingEvents): Item => ({
  ...pendingKey(place),
  ...stored(pendingEvents, events),
});

export const pendingEventsOf = (item: Readonly<Record<string, unknown>>): PendingEvents => ({
  events: read(item, pendingEvents.events),
  until: read(item, pendingEvents.until),
});
