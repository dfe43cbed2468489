/**
 * The view of all providers that a function keeps between requests, and when it is refreshed.
 * A request sees every change that was acknowledged before it arrived: it joins a running
 * refresh only if that has not read the shard logs yet.
 */
import type { Reader } from "../../table/reader.ts";
import { Interner } from "./interner.ts";
import { refresh } from "./refresh.ts";
import { View } from "./view.ts";

interface Running {
  readonly done: Promise<View>;
  /** Milliseconds since 1970: the refresh fails if it takes longer. */
  readonly deadline: number;
}

/** Milliseconds after which too much may have changed to be read for one provider. */
const WARM = 10_000;

/** Milliseconds since 1970; from the first to the last, the next refresh reads little. */
type Span = readonly [from: number, to: number];

export class SnapshotCache {
  readonly #maxAge: number;
  readonly #interner = new Interner();
  #view = View.empty();
  #warm: Span | undefined;
  #isTrusted = false;
  #sequence = 0;
  #running: Running | undefined;
  /** The refresh that starts when the running one has ended. */
  #waiting: Promise<View> | undefined;

  /** @param maxAge milliseconds after which a shard is read in full, no matter what its log names */
  constructor(maxAge: number) {
    this.#maxAge = maxAge;
  }

  /**
   * All providers as they are now. The view may contain half of a large change that was
   * committed since `View.commits`: `CommitCount` detects it.
   * @param logged whether every writer appends to the shard logs
   * @throws Busy
   */
  async fresh(reader: Reader, logged = true): Promise<View> {
    const running = this.#running;
    if (running === undefined || running.deadline <= reader.clock.now())
      return this.#start(reader, logged);
    const joined = this.#waiting;
    if (joined === undefined) return this.#startAfter(running, reader, logged);
    // The refresh may have failed at the deadline of the other request: this one has time left.
    return joined.catch(() => this.fresh(reader, logged));
  }

  /**
   * Whether a refresh reads the shard logs and, at most, what the last few seconds have changed:
   * no shard has to be read in full.
   * @param now milliseconds since 1970
   */
  isWarm(now: number): boolean {
    const [from, to] = this.#warm ?? [now, Number.NEGATIVE_INFINITY];
    return from <= now && now <= to;
  }

  /**
   * All providers as they were last read, without reading anything: changes since then are missing.
   * @param now milliseconds since 1970
   * @param age milliseconds since that reading began, at most
   */
  lately(now: number, age: number): View | undefined {
    const [from] = this.#warm ?? [Number.NEGATIVE_INFINITY];
    return this.#isTrusted && this.isWarm(now) && now - from <= age ? this.#view : undefined;
  }

  /** What was remembered has misled a write: the next one reads. */
  distrust(): void {
    this.#isTrusted = false;
  }

  #warmAfter(view: View, began: number): Span {
    const full = view.shards.map((shard) => (shard?.fullAt ?? 0) + this.#maxAge);
    return [began, Math.min(began + WARM, ...full)];
  }

  #startAfter(running: Running, reader: Reader, logged: boolean): Promise<View> {
    const start = () => {
      this.#waiting = undefined;
      return this.#start(reader, logged);
    };
    this.#waiting = running.done.then(start, start);
    return this.#waiting;
  }

  #start(reader: Reader, logged: boolean): Promise<View> {
    this.#sequence += 1;
    const began = reader.clock.now();
    const options = {
      sequence: this.#sequence,
      logged,
      maxAge: this.#maxAge,
      interner: this.#interner,
    };
    const done = refresh(reader, this.#view, options).then((view) => {
      // A view that a later refresh overtook is valid for its own request, but older than the
      // cached one.
      if (view.sequence > this.#view.sequence) {
        this.#view = view;
        this.#isTrusted = true;
        this.#warm = logged ? this.#warmAfter(view, began) : undefined;
      }
      return view;
    });
    const running = { done, deadline: reader.deadline };
    this.#running = running;
    const over = () => {
      if (this.#running === running) this.#running = undefined;
    };
    done.then(over, over);
    return done;
  }
}
