/**
 * What a function keeps of the providers from one request to the next, and when it refreshes
 * that. A request sees every change that was acknowledged before it arrived: it joins a
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

export class SnapshotCache {
  readonly #maxAge: number;
  readonly #interner = new Interner();
  #view = View.empty();
  #sequence = 0;
  #running: Running | undefined;
  /** The refresh that starts when the running one has ended. */
  #waiting: Promise<View> | undefined;

  /** @param maxAge milliseconds after which a shard is read in full, no matter what its log names */
  constructor(maxAge: number) {
    this.#maxAge = maxAge;
  }

  /**
   * All providers as they are now. If a large change was committed since `View.commits`, half
   * of it may be in the view: `CommitCount` tells.
   * @throws Busy
   */
  async fresh(reader: Reader): Promise<View> {
    const running = this.#running;
    if (running === undefined || running.deadline <= reader.clock.now()) return this.#start(reader);
    const joined = this.#waiting;
    if (joined === undefined) return this.#startAfter(running, reader);
    // It may have failed at the deadline of the other request: this one has time left.
    return joined.catch(() => this.fresh(reader));
  }

  #startAfter(running: Running, reader: Reader): Promise<View> {
    const start = () => {
      this.#waiting = undefined;
      return this.#start(reader);
    };
    this.#waiting = running.done.then(start, start);
    return this.#waiting;
  }

  #start(reader: Reader): Promise<View> {
    this.#sequence += 1;
    const options = {
      sequence: this.#sequence,
      maxAge: this.#maxAge,
      interner: this.#interner,
    };
    const done = refresh(reader, this.#view, options).then((view) => {
      // One that was overtaken is right for its own request, and older than what is held.
      if (view.sequence > this.#view.sequence) this.#view = view;
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
