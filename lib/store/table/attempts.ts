/**
 * Attempts: what a connection without request tokens uses to recognise a transaction that is
 * sent again. The embedded engine looks through all tokens of the last ten minutes at each
 * transaction; see docs/performance.md, "Tokens and attempts".
 *
 * A process has slots, and one item for each. A transaction takes a slot and a number greater
 * than all earlier ones of the process, and gains one write, its first: the number is stored in the
 * slot's item, on condition that the number there is lower. So a transaction is applied at most
 * once, no matter how often it is sent or when its requests arrive, and no longer once a later
 * one of its slot was applied. While it has the slot, this write fails exactly if the transaction
 * was applied. docs/architecture.md has the proof, in "The way of a write".
 */
import type { Write } from "./expressions.ts";
import type { Item, Key } from "./item.ts";
import { type Attributes, type Note, Notes } from "./notes.ts";
import { Queue } from "./queue.ts";
import type { RetryContext } from "./retry.ts";
import { RisingNumbers } from "./rising-numbers.ts";

/** How the items of one process are stored. */
export interface AttemptItems {
  readonly process: string;
  keyOf(slot: number): Key;
  /** Stores `number` for `slot` if the number there is below `limit`, or if there is none. */
  put(slot: number, number: number, given: PutOptions): Write;
  numberOf(item: Item): number;
}

export interface PutOptions {
  readonly limit: number;
  /** Stored with the number. */
  readonly note?: Attributes | undefined;
}

/**
 * Slots of a process, and transactions that it can have under way; the SDK has no more than 50
 * connections. A transaction beyond them waits for a slot.
 */
export const SLOTS = 64;

/** What became of an attempt; undefined: nobody knows. */
export type Applied = boolean | undefined;

/** A slot's use by one transaction. */
export interface Attempt {
  /** The first write of the transaction. Its condition fails exactly if the transaction was applied. */
  readonly write: Write;
  /**
   * Excludes that the transaction is applied from now on. Its condition fails if the transaction
   * was applied, or if this write was.
   */
  readonly fence: Write;
  /** Whether `old`, on which the condition of `fence` failed, shows that the transaction was applied. */
  wasApplied(old: Item | undefined): boolean;
  /** Gives the slot back: nothing more may be sent. */
  end(applied: Applied): void;
}

export class AttemptSlots {
  readonly items: AttemptItems;
  readonly numbers = new RisingNumbers();
  readonly notes = new Notes(SLOTS);
  /** The next one to take is the last: few items are used. */
  readonly #free: number[];
  readonly #waiting = new Queue<number>();

  constructor(items: AttemptItems) {
    this.items = items;
    this.#free = Array.from({ length: SLOTS }, (_, n) => SLOTS - 1 - n);
  }

  /**
   * Takes a slot; waits for one until the deadline.
   * @param note is left in the item of its own slot; the other one bounds what is under way
   * @throws Busy
   */
  async take(context: RetryContext, note?: Note): Promise<Attempt> {
    const { beginnings } = this.notes;
    const ends = note?.ends ?? [];
    let taken = this.#free.pop() ?? (await this.#waiting.wait(context));
    // Nothing begins between the last look and the number: there is no pause.
    while (beginnings.has(ends)) {
      // What has begun may need a slot to end.
      this.#giveBack(taken);
      await beginnings.next(context);
      taken = this.#free.pop() ?? (await this.#waiting.wait(context));
    }
    const slot = note?.slot ?? taken;
    const number = this.numbers.next(context.clock.now());
    const { put, keyOf, numberOf } = this.items;
    const fence = put(slot, number + 1, { limit: number });
    note?.sent(number);
    return {
      write: put(slot, number, { limit: number, note: note?.attributes }),
      fence,
      wasApplied: (old) => old !== undefined && numberOf(old) === number,
      end: (applied) => {
        if (applied !== undefined) note?.ended(applied);
        else note?.ended(false, { number, key: keyOf(slot), fence });
        this.#giveBack(taken);
      },
    };
  }

  #giveBack(slot: number): void {
    if (!this.#waiting.give(slot)) this.#free.push(slot);
  }
}
