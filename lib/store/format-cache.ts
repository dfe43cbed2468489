/**
 * What a function knows of its table's format. It is read anew from time to time: a table
 * may be upgraded under a function that lives on.
 */
import { FORMAT, FORMAT_MAX_AGE, formatOf, META_KEY } from "./meta.ts";
import type { RawTable } from "./raw-table.ts";
import { establish } from "./upgrade.ts";

interface Known {
  /** Undefined in an empty table, and in one of the first format. */
  readonly told: Promise<number | undefined>;
  /** Milliseconds since 1970. */
  readonly readAt: number;
}

export class FormatCache {
  #known: Known | undefined;

  /**
   * Makes sure that this release can read the table.
   * @throws NewerTableFormat, Busy
   */
  readable(table: RawTable): Promise<number | undefined> {
    const now = table.context.clock.now();
    const known = this.#known;
    const age = now - (known?.readAt ?? Number.NEGATIVE_INFINITY);
    if (known !== undefined && age >= 0 && age < FORMAT_MAX_AGE) return known.told;
    const read = { told: table.get(META_KEY).then(formatOf), readAt: now };
    this.#known = read;
    read.told.catch(() => {
      if (this.#known === read) this.#known = undefined;
    });
    return read.told;
  }

  /**
   * Makes sure that this release may write the table.
   * @throws OlderTableFormat, NewerTableFormat, Busy
   */
  async writable(table: RawTable): Promise<void> {
    if ((await this.readable(table)) === FORMAT) return;
    await establish(table);
    this.#known = { told: Promise.resolve(FORMAT), readAt: table.context.clock.now() };
  }

  forget(): void {
    this.#known = undefined;
  }
}
