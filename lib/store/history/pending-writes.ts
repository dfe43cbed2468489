/**
 * What a change leaves for the feeder, where no stream tells of its events: items of the change
 * itself, so that there is one for each event whose change was committed.
 */
import type { Clock } from "../../model/clock.ts";
import { type GuardedWrite, guard } from "../changes/guarded-write.ts";
import { read } from "../items/attributes.ts";
import { event } from "../items/event.ts";
import { eventRef } from "../items/event-ref.ts";
import { MAX_PENDING, pendingItem } from "../items/pending-events.ts";
import { absent } from "../table/expressions.ts";

/** Of one process. */
export class PendingWrites {
  readonly #process: string;
  readonly #clock: Pick<Clock, "now">;
  readonly #written: () => void;
  #number = 0;
  #time = 0;

  /**
   * @param process an id that no process had before
   * @param clock the one clock of all who write the table: a later change of another process has a
   *   later time
   * @param written called when a change with such items was committed
   */
  constructor(process: string, clock: Pick<Clock, "now">, written: () => void = () => undefined) {
    this.#process = process;
    this.#clock = clock;
    this.#written = written;
  }

  /**
   * A change that depends on another one was planned after it was committed, so that its place is
   * a later one.
   * @param events the writes of all events of one change, in their order
   */
  writesFor(events: readonly GuardedWrite[]): GuardedWrite[] {
    const items = events.flatMap(({ write }) => (write.kind === "put" ? write.item : []));
    if (items.length === 0) return [];
    this.#time = Math.max(this.#time, Math.floor(this.#clock.now()));
    const writes: GuardedWrite[] = [];
    for (let from = 0; from < items.length; from += MAX_PENDING) {
      const part = items.slice(from, from + MAX_PENDING);
      this.#number += 1;
      const place = { time: this.#time, number: this.#number, process: this.#process };
      const until = Math.max(...part.map((item) => read(item, event.expires)));
      const item = pendingItem(place, { events: part.map(eventRef), until });
      writes.push(guard({ kind: "put", item, when: [absent("pk")] }, () => undefined));
    }
    return writes;
  }

  written(): void {
    this.#written();
  }
}
