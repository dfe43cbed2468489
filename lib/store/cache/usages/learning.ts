/**
 * Whether it is known on which providers the consumers of a project are, and whether it pays to
 * find out: that costs as much as some full reads of the project.
 */

/** Times its price at most that full reads are waited for: in the long run an eighth more is paid. */
const PATIENCE = 8;

/** Full reads in a row by which knowledge is kept that spares none. */
const CHECKS = 8;

export interface Price {
  /** Full reads that the knowledge would have spared, until it is got for the first time. */
  readonly least: number;
  /** Full reads that cost as much as to get it. */
  readonly worth: number;
}

export class Learning {
  readonly #price: Price;
  /** Milliseconds since 1970; undefined: not known. */
  #since: number | undefined;
  #avoidable = 0;
  #needed: number;
  #spared = 0;
  #checked = 0;

  constructor(price: Price) {
    this.#price = price;
    this.#needed = price.least;
  }

  get isKnown(): boolean {
    return this.#since !== undefined;
  }

  learned(now: number): void {
    this.#since = now;
    this.#avoidable = 0;
    this.#spared = 0;
    this.#checked = 0;
  }

  /** A full read was spared. */
  spared(): void {
    this.#spared += 1;
    this.#checked = 0;
  }

  /** The knowledge was kept at the price of a full read: not many times in a row. */
  checked(): void {
    this.#checked += 1;
    if (this.#checked > CHECKS) this.forget();
  }

  /** One that could have been spared is due. */
  avoidable(): void {
    this.#avoidable += 1;
  }

  get pays(): boolean {
    return this.#avoidable >= this.#needed;
  }

  /** It would have been of no use. */
  postpone(): void {
    this.#avoidable = 0;
  }

  /** If it was lost before it had paid for itself, twice as many full reads come before the next. */
  forget(): void {
    if (this.#since === undefined) return;
    const { least, worth } = this.#price;
    this.#needed = this.#spared < worth ? Math.min(2 * this.#needed, PATIENCE * worth) : least;
    this.#since = undefined;
    this.#avoidable = 0;
  }

  /** @param age milliseconds */
  forgetAfter(age: number, now: number): void {
    if (!isWithin(age, now, this.#since ?? now)) this.forget();
  }
}

/** Whether `since` is at most `age` milliseconds ago. An age is unknown after the clock was set back. */
export function isWithin(age: number, now: number, since: number): boolean {
  return now >= since && now - since <= age;
}
