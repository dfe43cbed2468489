/** The feed of events, followed for as long as the console is open. */
import { type Signal, signal } from "@preact/signals";
import type { PlacementClient } from "../../lib/client/client.ts";
import { isRefusal } from "../../lib/client/errors.ts";
import type { Clock } from "../../lib/client/platform.ts";
import type { Happening } from "../model/happening.ts";

/** `off`: there is no feed; `forbidden`: not for this caller; `lost`: it is tried again. */
export type FeedState = "connecting" | "live" | "off" | "forbidden" | "lost";

const newestFirst = (a: Happening, b: Happening) =>
  a.time === b.time ? 0 : a.time < b.time ? 1 : -1;

type Listener = (events: readonly Happening[]) => void;

export const KEPT_EVENTS = 2_000;
/** Milliseconds back from now: what is shown of the time before. */
export const LOOK_BACK = 15 * 60_000;
const PAGE = 1_000;
/** Milliseconds between tries. */
const PAUSE = 3_000;
/** Milliseconds for which events are gathered before they are shown together. */
const GATHERED = 50;

export class EventStore {
  /** The newest first. */
  readonly events: Signal<readonly Happening[]> = signal([]);
  readonly state: Signal<FeedState> = signal("connecting");
  readonly #client: PlacementClient<"1.39">;
  readonly #clock: Clock;
  readonly #listeners = new Set<Listener>();
  readonly #waiting: Happening[] = [];
  readonly #end = new AbortController();

  constructor(client: PlacementClient<"1.39">, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** Calls `listener` with what came, in its order. @returns what ends that */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  end(): void {
    this.#end.abort();
  }

  /** Follows until `end`, or until the feed cannot be followed. Does not throw. */
  async follow(): Promise<void> {
    const { signal } = this.#end;
    const since = new Date(this.#clock.now() - LOOK_BACK);
    let after: string | undefined;
    while (!signal.aborted) {
      // First to the present end, so that it is known when the console is up to date.
      const place = after === undefined ? { since } : { after };
      for (const wait of [0, 20]) {
        const feed = this.#client.events({ ...place, after, limit: PAGE, wait, signal });
        const ended = await this.#through(feed);
        after = feed.cursor ?? after;
        if (ended === "stop") return;
        if (ended === "anew") after = undefined;
        if (ended !== undefined) break;
        this.state.value = "live";
      }
      if (!signal.aborted) await this.#clock.sleep(PAUSE);
    }
  }

  async #through(feed: AsyncIterable<Happening>): Promise<"stop" | "anew" | "again" | undefined> {
    try {
      for await (const event of feed) this.#take(event);
      return undefined;
    } catch (error) {
      if (isRefusal(error) && (error.status === 404 || error.status === 403)) {
        this.state.value = error.status === 404 ? "off" : "forbidden";
        return "stop";
      }
      this.state.value = "lost";
      return isRefusal(error) && error.status === 410 ? "anew" : "again";
    }
  }

  #take(event: Happening): void {
    this.#waiting.push(event);
    if (this.#waiting.length === 1) this.#clock.after(GATHERED, () => this.#show());
  }

  #show(): void {
    const known = new Set(this.events.value.map(({ id }) => id));
    const fresh: Happening[] = [];
    for (const event of this.#waiting.splice(0)) {
      if (known.has(event.id)) continue;
      known.add(event.id);
      fresh.push(event);
    }
    if (fresh.length === 0) return;
    // Events of different subjects are only about in their order.
    const all = [...fresh.toReversed(), ...this.events.value];
    this.events.value = all.sort(newestFirst).slice(0, KEPT_EVENTS);
    for (const listener of this.#listeners) listener(fresh);
  }
}
