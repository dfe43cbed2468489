/**
 * What a change leaves for the feeder, where no stream tells of its events: a note in its attempt, or
 * items of the change itself. So there is one exactly for each event whose change was committed.
 */
import type { Clock } from "../../model/clock.ts";
import { type GuardedWrite, guard } from "../changes/guarded-write.ts";
import { noteOf } from "../items/attempt.ts";
import { read } from "../items/attributes.ts";
import { event } from "../items/event.ts";
import { eventRef } from "../items/event-ref.ts";
import { MAX_PENDING, type PendingEvents, pendingItem } from "../items/pending-events.ts";
import type { AttemptSlots } from "../table/attempts.ts";
import { Beginnings } from "../table/beginnings.ts";
import { absent } from "../table/expressions.ts";
import type { Item } from "../table/item.ts";
import type { Note } from "../table/notes.ts";
import type { RetryContext } from "../table/retry.ts";
import { RisingNumbers, timeOfNumber } from "../table/rising-numbers.ts";

export interface PendingOptions {
  /**
   * Of a process that alone writes the table and has a feeder, which takes its notes. Undefined: items
   * are left, which any feeder takes.
   */
  readonly attempts?: AttemptSlots | undefined;
  /** Called when a change with events was committed, or nobody knows whether it was. */
  readonly written?: () => void;
}

/** What one change leaves. */
export interface Left {
  readonly writes: readonly GuardedWrite[];
  readonly note?: Note | undefined;
  /** Nothing more is sent, or what else would begin the same subjects is refused. */
  close(): void;
}

const NOTHING: Left = { writes: [], close: () => undefined };

/** Of one process. */
export class PendingWrites {
  readonly process: string;
  readonly attempts: AttemptSlots | undefined;
  readonly #clock: Pick<Clock, "now">;
  readonly #numbers: RisingNumbers;
  readonly #beginnings: Beginnings;
  readonly #written: () => void;

  /**
   * @param process an id that no process had before
   * @param clock the one clock of all who write the table: a later change of another process has a
   *   later time
   */
  constructor(
    process: string,
    clock: Pick<Clock, "now">,
    { attempts, written = () => undefined }: PendingOptions = {},
  ) {
    this.process = process;
    this.attempts = attempts;
    this.#clock = clock;
    this.#numbers = attempts?.numbers ?? new RisingNumbers();
    this.#beginnings = attempts?.notes.beginnings ?? new Beginnings();
    this.#written = written;
  }

  /**
   * A change that depends on another one was planned after it was committed, so that its place is
   * a later one. A beginning depends on none that it sees: see `beginnings.ts`.
   * @param events the writes of all events of one change, in their order
   * @param alone whether the change is one transaction
   * @throws Busy
   */
  async leave(
    events: readonly GuardedWrite[],
    alone: boolean,
    context: Pick<RetryContext, "clock" | "deadline">,
  ): Promise<Left> {
    const items = events.flatMap(({ write }) => (write.kind === "put" ? write.item : []));
    if (items.length === 0) return NOTHING;
    const begins = subjectsWithout(items, event.generationBefore);
    const ends = subjectsWithout(items, event.generationAfter);
    if (alone && items.length <= MAX_PENDING) {
      const noted = { attributes: noteOf(eventsOf(items)), begins, ends };
      const note = this.attempts?.notes.reserve(noted);
      if (note !== undefined) return { writes: [], note, close: () => this.#close(note) };
    }
    while (this.#beginnings.has(ends)) await this.#beginnings.next(context);
    this.#beginnings.add(begins);
    return { writes: this.#items(items), close: once(() => this.#beginnings.remove(begins)) };
  }

  /** Others may wait for an outcome that the feeder decides. */
  #close(note: Note): void {
    note.close();
    if (note.isOpen) this.#written();
  }

  #items(items: readonly Item[]): GuardedWrite[] {
    const writes: GuardedWrite[] = [];
    for (let from = 0; from < items.length; from += MAX_PENDING) {
      const number = this.#numbers.next(this.#clock.now());
      const place = { time: timeOfNumber(number), number, process: this.process };
      const item = pendingItem(place, eventsOf(items.slice(from, from + MAX_PENDING)));
      writes.push(guard({ kind: "put", item, when: [absent("pk")] }, () => undefined));
    }
    return writes;
  }

  written(): void {
    this.#written();
  }
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}

const subjectsWithout = (
  items: readonly Item[],
  generation: (typeof event)["generationBefore" | "generationAfter"],
): string[] => items.filter((item) => read(item, generation) === undefined).map(({ pk }) => pk);

function eventsOf(items: readonly Item[]): PendingEvents {
  const until = Math.max(...items.map((item) => read(item, event.expires)));
  return { events: items.map(eventRef), until };
}
