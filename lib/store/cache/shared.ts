/** What the requests of one function share: caches of the table's format, of names and more. */
import { CommitCount } from "./commit-count.ts";
import { FormatCache } from "./format.ts";
import { NameCache } from "./names.ts";

/** Settings of what is shared. */
export interface SharedSettings {
  /** Milliseconds after which a shard is read in full, no matter what its log names. */
  readonly snapshotMaxAge: number;
  /** Whether reads are paid by units, as on DynamoDB. On the embedded engine their time counts. */
  readonly paysUnits: boolean;
}

/**
 * Makes what requests share. It is also the name under which it is kept, so it has to be a
 * constant.
 */
export type Shareable<T> = (settings: SharedSettings) => T;

export class Shared {
  readonly format = new FormatCache();
  readonly names = new NameCache();
  readonly commits = new CommitCount();
  readonly #settings: SharedSettings;
  readonly #made = new Map<Shareable<unknown>, unknown>();

  constructor(settings: SharedSettings) {
    this.#settings = settings;
  }

  /** What `make` makes, the same at each call. */
  of<T>(make: Shareable<T>): T {
    if (!this.#made.has(make)) this.#made.set(make, make(this.#settings));
    return this.#made.get(make) as T;
  }
}
