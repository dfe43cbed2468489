/** Numbers of a process that rise, each of which tells when it was given out. */

/** Numbers are ahead of the clock while more are given out. With it they are exact until the year 2248. */
const PER_MILLISECOND = 1_024;

/** Milliseconds since 1970. */
export const timeOfNumber = (number: number): number => Math.floor(number / PER_MILLISECOND);

export class RisingNumbers {
  #last = 0;

  /** The last one that was given out. */
  get last(): number {
    return this.#last;
  }

  /** All that follow are greater. */
  startAfter(number: number): void {
    this.#last = Math.max(this.#last, number + (number % 2));
  }

  /**
   * The number after it is never given out: it is for whoever has this one.
   * @param now milliseconds since 1970; may fall
   */
  next(now: number): number {
    this.#last = Math.max(this.#last + 2, Math.floor(now) * PER_MILLISECOND);
    return this.#last;
  }
}
