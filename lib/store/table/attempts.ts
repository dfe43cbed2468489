/**
 * Attempts: what a connection without request tokens uses to recognise a transaction that is
 * sent again. The embedded engine looks through all tokens of the last ten minutes at each
 * transaction; see docs/performance.md, "Tokens and attempts".
 *
 * A process has slots, and one item for each. A transaction takes a slot and a number greater
 * than all earlier ones of the slot, and gains one write, its first: the number is stored in the
 * slot's item, on condition that the number there is lower. So a transaction is applied at most
 * once, no matter how often it is sent or when its requests arrive, and no longer once a later
 * one of its slot was applied. While it has the slot, this write fails exactly if the transaction
 * was applied. docs/architecture.md has the proof, in "The way of a write".
 */
import type { Write } from "./expressions.ts";
import type { Item } from "./item.ts";
import { Busy } from "./refusals.ts";
import type { RetryContext } from "./retry.ts";

/** How the items of one process are stored. */
export interface AttemptItems {
  readonly process: string;
  /** Stores `number` for `slot` if the number there is below `limit`, or if there is none. */
  put(slot: number, number: number, limit: number): Write;
  numberOf(item: Item): number;
}

/**
 * Slots of a process, and transactions that it can have under way; the SDK has no more than 50
 * connections. A transaction beyond them waits for a slot.
 */
export const SLOTS = 64;

interface Slot {
  readonly index: number;
  /** The last number that was given out. */
  last: number;
}

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
  end(): void;
}

export class AttemptSlots {
  readonly items: AttemptItems;
  /** The next one to take is the last: few items are used. */
  readonly #free: Slot[];
  /** In the order in which they began to wait. */
  readonly #waiting = new Set<(slot: Slot) => void>();

  constructor(items: AttemptItems) {
    this.items = items;
    this.#free = Array.from({ length: SLOTS }, (_, n) => ({ index: SLOTS - 1 - n, last: 0 }));
  }

  /**
   * Takes a slot; waits for one until the deadline.
   * @throws Busy
   */
  async take(context: RetryContext): Promise<Attempt> {
    const slot = this.#free.pop() ?? (await this.#next(context));
    const number = slot.last + 1;
    const fenced = number + 1;
    slot.last = fenced;
    const { put, numberOf } = this.items;
    return {
      write: put(slot.index, number, number),
      fence: put(slot.index, fenced, number),
      wasApplied: (old) => old !== undefined && numberOf(old) === number,
      end: () => this.#giveBack(slot),
    };
  }

  #next({ clock, deadline }: RetryContext): Promise<Slot> {
    return new Promise((resolve, reject) => {
      const left = deadline - clock.now();
      const cancel = clock.after(Math.max(0, left), () => {
        this.#waiting.delete(receive);
        reject(new Busy());
      });
      const receive = (slot: Slot) => {
        cancel();
        resolve(slot);
      };
      this.#waiting.add(receive);
    });
  }

  #giveBack(slot: Slot): void {
    const [first] = this.#waiting;
    if (first === undefined) {
      this.#free.push(slot);
      return;
    }
    this.#waiting.delete(first);
    first(slot);
  }
}
