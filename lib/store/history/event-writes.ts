/**
 * The events of a change, as writes of it: an event is there if its change was committed, and never
 * twice. It does not decide about the change: where its place is taken, as after a partial restore,
 * it takes another one.
 */
import type { Clock, Random } from "../../model/clock.ts";
import {
  type Changed,
  classesOf,
  eventsOf,
  toldOf,
  traitsOf,
} from "../../model/history/changed.ts";
import type { ConsumerChanged } from "../../model/history/consumer-change.ts";
import type { Names } from "../../model/history/differences.ts";
import type { Author } from "../../model/history/event.ts";
import type { ProviderChanged } from "../../model/history/provider-change.ts";
import { NO_UUID } from "../../model/uuid.ts";
import type { NameDirectory } from "../cache/names.ts";
import type { Shareable } from "../cache/shared.ts";
import { type GuardedWrite, guard } from "../changes/guarded-write.ts";
import type { NameKind } from "../items/custom-name.ts";
import {
  consumerEventKey,
  END,
  type EventPart,
  eventItem,
  providerEventKey,
} from "../items/event.ts";
import { absent } from "../table/expressions.ts";
import { type Key, keyText } from "../table/item.ts";

const DAY = 86_400_000;

/** A program that mends the table. */
export const MENDING: Author = { caller: null, requestId: null, cause: "repair" };

/** What events are made with. */
interface Source {
  readonly clock: Clock;
  readonly random: Random;
  shared<T>(make: Shareable<T>): T;
  /** A directory that names them as far as they exist. */
  naming(kind: NameKind, ids: readonly number[]): Promise<NameDirectory>;
}

export interface EventOptions {
  readonly author: Author;
  /** For which events are kept; 0: none are written. */
  readonly days: number;
  /** Keys at which earlier plans of the change have found other events; extended by the writes. */
  readonly taken: Set<string>;
}

/** For `Source.shared`: numbers the plans of a process. */
const makeNumbers: Shareable<() => number> = () => {
  let plans = 0;
  return () => {
    plans += 1;
    return plans;
  };
};

export async function eventWrites(
  source: Source,
  changed: readonly Changed[] | undefined,
  options: EventOptions,
): Promise<readonly GuardedWrite[]> {
  if (options.days === 0 || changed === undefined || changed.length === 0) return [];
  const classes = await source.naming("CLASSES", classesOf(changed));
  const traits = await source.naming("TRAITS", traitsOf(changed));
  const names = {
    classOf: (id: number) => classes.nameOf(id) ?? String(id),
    traitOf: (id: number) => traits.nameOf(id) ?? String(id),
  };
  const [operation, now] = [source.random.uuid(), Math.floor(source.clock.now())];
  const plan = source.shared(makeNumbers)();
  return writesOf(changed, { ...options, names, operation, now, plan });
}

interface EventContext extends EventOptions {
  readonly names: Names;
  /** Of this plan of the change: unique. */
  readonly operation: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly plan: number;
}

function writesOf(changed: readonly Changed[], context: EventContext): GuardedWrite[] {
  const { names, author, now, days, operation } = context;
  const found = eventsOf(changed).flatMap((each) => {
    const told = toldOf(each, names);
    return told === undefined ? [] : { each, told };
  });
  const change = found.length > 1 ? { id: operation, size: found.length } : undefined;
  return found.map(({ each, told }) => {
    const own = each.of === "consumer" && each.cause !== undefined ? { cause: each.cause } : {};
    const event = { ...told, ...author, ...own, time: now, change };
    const key = each.of === "consumer" ? ofConsumer(each, context) : ofProvider(each, context);
    return put(eventItem(key, event, now + days * DAY), context);
  });
}

function put(item: ReturnType<typeof eventItem>, { taken }: EventContext): GuardedWrite {
  // Another writer that was faster has changed the subject as well, whose own condition decides.
  return guard({ kind: "put", item, when: [absent("pk")] }, () => {
    taken.add(keyText(item));
    return undefined;
  });
}

function ofProvider({ before, after }: ProviderChanged, context: EventContext): Key {
  return providerEventKey((after ?? before)?.uuid ?? NO_UUID, context.now, context);
}

function ofConsumer(changed: ConsumerChanged, { operation, taken }: EventContext): Key {
  const { before, after } = changed;
  const consumer = after ?? before;
  const life = { created: consumer?.created ?? 0, id: consumer?.incarnation ?? "" };
  const keyWith = (part: EventPart) =>
    consumerEventKey(consumer?.uuid ?? NO_UUID, life, {
      generation: consumer?.generation ?? 0,
      part,
    });
  const key = keyWith(partOf(changed, operation));
  return taken.has(keyText(key)) ? keyWith(["also", operation]) : key;
}

function partOf({ about, before, after }: ConsumerChanged, operation: string): EventPart {
  if (after === undefined) return END;
  if (about === "lease") return ["confirmed", after.lease?.version ?? 0];
  // A repair leaves the generation as it is, whose event is there already.
  return before?.generation === after.generation ? ["also", operation] : [];
}
