/** An event of a consumer's or a provider's history: see docs/history.md. */
import type {
  Cause,
  Differences,
  EventCaller,
  EventName,
  RecordedEvent,
} from "../../model/history/event.ts";
import { storedUuid, type Uuid } from "../../model/uuid.ts";
import type { Item, Key } from "../table/item.ts";
import { TABLE_SCHEMA } from "../table/table-schema.ts";
import { attribute, read, stored } from "./attributes.ts";
import { afterFirst, joined } from "./keys.ts";

export const EVENT = "EVENT";

export const eventsPk = (subject: Uuid): string => joined(EVENT, subject);

/** Digits of a time and of a generation: the texts sort as the numbers do. */
const DIGITS = 16;
const digits = (number: number): string => String(Math.trunc(number)).padStart(DIGITS, "0");

/** The last ones of a plan's number. */
const PLAN_DIGITS = 6;

/** The life of a consumer: when it began, in milliseconds since 1970, and its id. */
export interface Life {
  readonly created: number;
  readonly id: string;
}

/**
 * What follows the generation in the key; nothing for a commit. They sort as the events happen: a
 * lease is confirmed before the life ends. `also` is for a further event of a generation, as of a
 * repair.
 */
export type EventPart =
  | readonly []
  | readonly ["end"]
  | readonly ["confirmed", lease: number]
  | readonly ["also", operation: string];

export const END: EventPart = ["end"];

export const consumerEventKey = (
  subject: Uuid,
  { created, id }: Life,
  { generation, part }: { readonly generation: number; readonly part: EventPart },
): Key => ({
  pk: eventsPk(subject),
  sk: joined(digits(created), id, digits(generation), ...part),
});

/**
 * @param time milliseconds since 1970
 * @param plan of the change, counted by its process: it orders those of one millisecond
 */
export const providerEventKey = (
  subject: Uuid,
  time: number,
  { plan, operation }: { readonly plan: number; readonly operation: string },
): Key => ({
  pk: eventsPk(subject),
  sk: joined(digits(time), `${digits(plan).slice(-PLAN_DIGITS)}-${operation}`),
});

/** Sort keys of a subject from a time on begin at this text, those up to a time end before it. */
export const eventTimeText = digits;

export const event = {
  name: attribute<EventName>("e"),
  /** Absent: null. */
  generationBefore: attribute<number | undefined>("b"),
  generationAfter: attribute<number | undefined>("g"),
  /** JSON. */
  changes: attribute<string>("d"),
  truncated: attribute<boolean | undefined>("t"),
  project: attribute<string | undefined>("p"),
  callerKind: attribute<string | undefined>("k"),
  callerUser: attribute<string | undefined>("u"),
  requestId: attribute<string | undefined>("r"),
  /** Milliseconds since 1970. */
  time: attribute<number>("w"),
  /** Absent: `request`. */
  cause: attribute<Cause | undefined>("c"),
  /** Of a change with several events: its id, and how many there are. */
  change: attribute<string | undefined>("i"),
  changeSize: attribute<number | undefined>("n"),
  /** Seconds since 1970. */
  expires: attribute<number>(TABLE_SCHEMA.timeToLive),
} as const;

/** An event that is to be stored: its key says which one it is. */
export type NewEvent = Omit<RecordedEvent, "id" | "life">;

/** @param expires milliseconds since 1970 */
export function eventItem(key: Key, given: NewEvent, expires: number): Item {
  const { generationBefore, generationAfter, caller, requestId, cause, change } = given;
  return {
    ...key,
    ...stored(event, {
      name: given.event,
      generationBefore: generationBefore ?? undefined,
      generationAfter: generationAfter ?? undefined,
      changes: JSON.stringify(given.changes),
      truncated: given.truncated || undefined,
      project: given.project ?? undefined,
      callerKind: caller?.kind,
      callerUser: caller?.user,
      requestId: requestId ?? undefined,
      time: given.time,
      cause: cause === "request" ? undefined : cause,
      change: change?.id,
      changeSize: change?.size,
      expires: Math.ceil(expires / 1_000),
    }),
  };
}

/** The subject of the key. */
export const subjectOf = ({ pk }: Key): Uuid => storedUuid(afterFirst(pk));

/** What the sort key says. A provider's events have no life. */
export function eventPlaceOf({ sk }: Key) {
  const [time = "", first = "", generation, ...more] = sk.split("#");
  const at = Number(time);
  if (generation === undefined) return { of: "provider", at, operation: first } as const;
  return { of: "consumer", at, life: first, generation: Number(generation), more } as const;
}

/** The id that the key gives. Consumers that are made by one change live lives of one id. */
function idOf(key: Key): string {
  const place = eventPlaceOf(key);
  const more =
    place.of === "provider"
      ? [place.operation]
      : [place.life, String(place.generation), ...place.more];
  return [subjectOf(key), ...more].join(".");
}

/** Milliseconds since 1970: the event is shown until then. */
export const eventKeptUntil = (item: Item): number => read(item, event.expires) * 1_000;

/** Bytes of an event that may be large. */
export const changesLength = (item: Item): number => read(item, event.changes).length;

export function eventOf(item: Item): RecordedEvent {
  const place = eventPlaceOf(item);
  const id = read(item, event.change);
  return {
    id: idOf(item),
    event: read(item, event.name),
    subject: subjectOf(item),
    life: place.of === "consumer" ? place.life : null,
    generationBefore: read(item, event.generationBefore) ?? null,
    generationAfter: read(item, event.generationAfter) ?? null,
    changes: JSON.parse(read(item, event.changes)) as Differences,
    truncated: read(item, event.truncated) === true,
    project: read(item, event.project) ?? null,
    caller: callerOf(item),
    requestId: read(item, event.requestId) ?? null,
    time: read(item, event.time),
    cause: read(item, event.cause) ?? "request",
    change: id === undefined ? undefined : { id, size: read(item, event.changeSize) ?? 0 },
  };
}

function callerOf(item: Item): EventCaller | null {
  const user = read(item, event.callerUser);
  return user === undefined ? null : { kind: read(item, event.callerKind) ?? "", user };
}
