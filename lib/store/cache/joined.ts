/**
 * Refreshes of a cache that requests share. A request joins only a refresh that begins after
 * it has arrived, so that it sees every change that was acknowledged before.
 */
import type { RetryContext } from "../table/retry.ts";

type Joining = Pick<RetryContext, "clock" | "deadline">;

interface Running<T> {
  readonly done: Promise<T>;
  /** Milliseconds since 1970: the refresh fails if it takes longer. */
  readonly deadline: number;
}

/**
 * One refresh.
 * @param isLast whether no other one has begun meanwhile, since this one took too long
 */
export type Refresh<T> = (isLast: () => boolean) => Promise<T>;

export class JoinedRefreshes<T> {
  #running: Running<T> | undefined;
  /** The refresh that starts when the running one has ended. */
  #waiting: Promise<T> | undefined;

  /** What `refresh` makes, or that of another request which arrived meanwhile. */
  async join(context: Joining, refresh: Refresh<T>): Promise<T> {
    const running = this.#running;
    if (running === undefined || running.deadline <= context.clock.now()) {
      return this.#start(context, refresh);
    }
    const joined = this.#waiting;
    if (joined === undefined) return this.#startAfter(running, context, refresh);
    // The refresh may have failed at the deadline of the other request: this one has time left.
    return joined.catch(() => this.join(context, refresh));
  }

  #startAfter(running: Running<T>, context: Joining, refresh: Refresh<T>): Promise<T> {
    const start = () => {
      this.#waiting = undefined;
      return this.#start(context, refresh);
    };
    this.#waiting = running.done.then(start, start);
    return this.#waiting;
  }

  #start({ deadline }: Joining, refresh: Refresh<T>): Promise<T> {
    const running: Running<T> = {
      done: refresh(() => this.#running === running),
      deadline,
    };
    this.#running = running;
    const over = () => {
      if (this.#running === running) this.#running = undefined;
    };
    running.done.then(over, over);
    return running.done;
  }
}
