/** Follows the feed of events from a cursor on. See docs/events.md. */
import type { AnswerOf, CallOf } from "./types.ts";

/** An event as the API shows it. */
export type FeedEvent = AnswerOf<"events/follow", "1.39">["body"]["events"][number];

export interface EventsOptions {
  /** Only events of this consumer or resource provider. */
  readonly subject?: string | undefined;
  /** Only events of this project's consumers. */
  readonly project?: string | undefined;
  /** Only events from then on. */
  readonly since?: Date | undefined;
  /** The cursor of an earlier iteration, to go on there. Default: from the first event that is kept. */
  readonly after?: string | undefined;
  /** Events of one request at most. Default: 100. */
  readonly limit?: number | undefined;
  /**
   * Seconds for which one request waits for an event. Default: 20, and the iteration goes on for ever;
   * 0: it ends where the feed ends now.
   */
  readonly wait?: number | undefined;
  /** Ends the iteration before its next request. */
  readonly signal?: AbortSignal | undefined;
}

const LONGEST_WAIT = 20;

export type EventParameters = NonNullable<CallOf<"events/follow", "1.39">["parameters"]>;
type Page = AnswerOf<"events/follow", "1.39">["body"];

/** One iteration; `cursor` says from where another one goes on. */
export class EventFeed implements AsyncIterable<FeedEvent> {
  readonly #ask: (parameters: EventParameters) => Promise<Page>;
  readonly #options: EventsOptions;
  #cursor: string | undefined;

  /** @param ask sends one request, as `PlacementClient.call` does */
  constructor(ask: (parameters: EventParameters) => Promise<Page>, options: EventsOptions) {
    this.#ask = ask;
    this.#options = options;
    this.#cursor = options.after;
  }

  /**
   * The place up to which all events were handled: the caller has asked for the next one after them.
   * So whoever goes on there may see some events once more, by their ids, and misses none. Undefined:
   * no request was answered yet.
   */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** @throws what `call` throws; `placement.events.cursor_expired` and `other_epoch` end a place for good */
  async *[Symbol.asyncIterator](): AsyncGenerator<FeedEvent, void, void> {
    const { wait = LONGEST_WAIT, signal } = this.#options;
    while (signal?.aborted !== true) {
      const { events, next } = await this.#page(wait);
      yield* events;
      const isEnd = events.length === 0 && next === this.#cursor;
      this.#cursor = next;
      if (isEnd && wait === 0) return;
    }
  }

  #page(wait: number): Promise<Page> {
    const { subject, project, since, limit } = this.#options;
    return this.#ask({
      subject,
      project,
      since: since?.toISOString(),
      after: this.#cursor,
      limit: limit === undefined ? undefined : String(limit),
      wait: String(wait),
    });
  }
}
