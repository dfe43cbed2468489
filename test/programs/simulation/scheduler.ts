/**
 * Simulated time. Everything that takes time is an event: a call that arrives at
 * the table, an answer that arrives at a function, a sleep that ends. Events
 * happen one after the other, in the order of their times; an event has run
 * to its end, with all that follows from it without waiting, before the next one.
 * So the order of everything follows from the times, and these from the seed.
 */
import { setImmediate } from "node:timers/promises";

interface Event {
  readonly at: number;
  readonly order: number;
  act(): void;
}

export class Scheduler {
  /** Milliseconds since the simulation began. */
  now = 0;
  #order = 0;
  #outside = 0;
  /** A binary heap, the next event first. */
  readonly #events: Event[] = [];

  /** Lets `act` happen in `delay` milliseconds. */
  after(delay: number, act: () => void): void {
    this.#order += 1;
    this.#push({ at: this.now + Math.max(0, delay), order: this.#order, act });
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  /**
   * Lets events happen until `done`.
   * @throws Error if nothing is left to happen before
   */
  async run(done: () => boolean): Promise<void> {
    await this.#settle();
    while (!done()) {
      const event = this.#pop();
      if (event === undefined) throw new Error("everything waits, and nothing is left to happen");
      this.now = Math.max(this.now, event.at);
      event.act();
      await this.#settle();
    }
  }

  /** Something of the real world, such as a call of the engine: no event happens meanwhile. */
  async outside<T>(work: () => Promise<T>): Promise<T> {
    this.#outside += 1;
    try {
      return await work();
    } finally {
      this.#outside -= 1;
    }
  }

  /** All that was waiting for an event runs as microtasks, and these before the next macrotask. */
  async #settle(): Promise<void> {
    do await setImmediate();
    while (this.#outside > 0);
  }

  #push(event: Event): void {
    const events = this.#events;
    let place = events.push(event) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!earlier(event, events[above])) break;
      events[place] = events[above] as Event;
      place = above;
    }
    events[place] = event;
  }

  #pop(): Event | undefined {
    const events = this.#events;
    const first = events[0];
    const last = events.pop();
    if (first === undefined || last === undefined || events.length === 0) return first;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= events.length) break;
      if (below + 1 < events.length && earlier(events[below + 1], events[below])) below += 1;
      if (!earlier(events[below], last)) break;
      events[place] = events[below] as Event;
      place = below;
    }
    events[place] = last;
    return first;
  }
}

function earlier(a: Event | undefined, b: Event | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
