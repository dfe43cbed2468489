/**
 * What a function knows of its table's format. It is read anew from time to time: a table
 * may be upgraded under a function that lives on.
 */

import { FORMAT, FORMAT_MAX_AGE, formatOf, META_KEY } from "../items/table-format.ts";
import { call } from "../table/call.ts";
import { OlderTableFormat } from "../table/refusals.ts";
import type { RawTable } from "../table/table.ts";
import { establish } from "./establish.ts";

/** Milliseconds that writes are refused without another look at whether the table is upgraded. */
const OLDER_MAX_AGE = 5_000;

/** Undefined in an empty table, and in one of the first format. */
type Told = number | undefined;

interface Known {
  /** Of the request that reads: it ends with that request's time. */
  readonly reading: Promise<Told>;
  /** Set once it is read. */
  read?: { readonly told: Told };
  /** Milliseconds since 1970. */
  readonly readAt: number;
}

interface Older {
  readonly refusal: OlderTableFormat;
  /** Milliseconds since 1970. */
  readonly readAt: number;
}

export class FormatCache {
  #known: Known | undefined;
  #older: Older | undefined;

  /**
   * Makes sure that this release can read the table.
   * @throws NewerTableFormat, Busy
   */
  async readable(table: RawTable): Promise<Told> {
    const known = this.#known;
    if (known === undefined || !isFresh(table, known, FORMAT_MAX_AGE)) return this.#read(table);
    if (known.read !== undefined) return known.read.told;
    try {
      return await call(table.context, () => known.reading);
    } catch {
      // The time of the request that reads may be over, or this one's: only its own read counts.
      return this.#read(table);
    }
  }

  #read(table: RawTable): Promise<Told> {
    const reading = table.get(META_KEY).then(formatOf);
    const known: Known = { reading, readAt: now(table) };
    this.#known = known;
    reading.then(
      (told) => {
        known.read = { told };
      },
      () => {
        if (this.#known === known) this.#known = undefined;
      },
    );
    return reading;
  }

  /**
   * Makes sure that this release may write the table.
   * @throws OlderTableFormat, NewerTableFormat, Busy
   */
  async writable(table: RawTable): Promise<void> {
    if ((await this.readable(table)) === FORMAT) return;
    const older = this.#older;
    if (older !== undefined && isFresh(table, older, OLDER_MAX_AGE)) throw older.refusal;
    try {
      await establish(table);
    } catch (error) {
      if (error instanceof OlderTableFormat) this.#older = { refusal: error, readAt: now(table) };
      throw error;
    }
    const reading = Promise.resolve(FORMAT);
    this.#known = { reading, read: { told: FORMAT }, readAt: now(table) };
  }

  forget(): void {
    this.#known = undefined;
    this.#older = undefined;
  }
}

const now = ({ context }: RawTable) => context.clock.now();

/** A clock that was set back proves no age. */
function isFresh(table: RawTable, { readAt }: { readonly readAt: number }, maxAge: number) {
  const age = now(table) - readAt;
  return age >= 0 && age < maxAge;
}
