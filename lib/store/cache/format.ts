/**
 * The table's format as a function remembers it. It is read again from time to time, since a
 * table may be upgraded while a function runs.
 */

import { FORMAT, FORMAT_MAX_AGE, formatOf, META_KEY } from "../items/table-format.ts";
import { call } from "../table/call.ts";
import type { RawTable } from "../table/table.ts";
import { establish } from "./establish.ts";

/** Milliseconds for which writers rely on an older format before it is read again. */
const OLDER_MAX_AGE = 5_000;

/** Undefined in an empty table, and in one of the first format. */
type StoredFormat = number | undefined;

interface Known {
  /** The read ends with the time of the request that started it. */
  readonly reading: Promise<StoredFormat>;
  /** Set when the read has ended. */
  read?: { readonly format: StoredFormat };
  /** Milliseconds since 1970. */
  readonly readAt: number;
}

interface Older {
  readonly format: number;
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
  async readable(table: RawTable): Promise<StoredFormat> {
    const known = this.#known;
    if (known === undefined || !isFresh(table, known, FORMAT_MAX_AGE)) return this.#read(table);
    if (known.read !== undefined) return known.read.format;
    try {
      return await call(table.context, () => known.reading);
    } catch {
      // The read may have failed at the deadline of the request that started it: this request
      // reads itself.
      return this.#read(table);
    }
  }

  #read(table: RawTable): Promise<StoredFormat> {
    const reading = table.get(META_KEY).then(formatOf);
    const known: Known = { reading, readAt: now(table) };
    this.#known = known;
    reading.then(
      (format) => {
        known.read = { format };
      },
      () => {
        if (this.#known === known) this.#known = undefined;
      },
    );
    return reading;
  }

  /**
   * The format that a write has to keep: an older one until the table is upgraded.
   * @throws NewerTableFormat, Busy
   */
  async writable(table: RawTable): Promise<number> {
    if ((await this.readable(table)) === FORMAT) return FORMAT;
    const older = this.#older;
    if (older !== undefined && isFresh(table, older, OLDER_MAX_AGE)) return older.format;
    const format = await establish(table);
    if (format === FORMAT) {
      const reading = Promise.resolve(FORMAT);
      this.#known = { reading, read: { format: FORMAT }, readAt: now(table) };
    } else {
      this.#older = { format, readAt: now(table) };
    }
    return format;
  }

  forget(): void {
    this.#known = undefined;
    this.#older = undefined;
  }
}

const now = ({ context }: RawTable) => context.clock.now();

/** An age is unknown after the clock was set back. */
function isFresh(table: RawTable, { readAt }: { readonly readAt: number }, maxAge: number) {
  const age = now(table) - readAt;
  return age >= 0 && age < maxAge;
}
