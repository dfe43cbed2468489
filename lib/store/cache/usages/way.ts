/** How a refresh brings what is kept of a project up to date: in the way that costs the least. */
import type { Uuid } from "../../../model/uuid.ts";
import type { KeptConsumers } from "./kept-consumers.ts";
import { Learning } from "./learning.ts";
import type { UsageLimits } from "./limits.ts";
import { type Reading, readHoldersOn } from "./read-changed.ts";

export type Way =
  /** All consumers that may have changed are read by key. */
  | { readonly kind: "follow"; readonly consumers: ReadonlySet<Uuid> }
  /** The project is read in full, and by key the kept consumers that may have changed. */
  | { readonly kind: "check"; readonly consumers: ReadonlySet<Uuid> }
  /** The project is read in full, and all its consumers by key. */
  | { readonly kind: "learn" }
  /** The project is read in full; the providers of its consumers are not known afterwards. */
  | { readonly kind: "anew" };

export interface Refreshing {
  readonly reading: Reading;
  readonly kept: KeptConsumers;
  /** Consumers that have to be read again, whatever the logs name. */
  readonly pending: ReadonlySet<Uuid>;
  /** Milliseconds since 1970. */
  readonly began: number;
  /** Providers that changed; undefined: any. */
  readonly providers: ReadonlySet<Uuid> | undefined;
  /** Whether the last full read is too long ago. */
  readonly isOld: boolean;
}

/** Times the maximum age after which the consumers' providers have to be read again. */
const MAX_AGES = 10;

/** Read units of a query for the consumers of a provider, about. */
const UNITS_OF_PROVIDER = 3;

export class WayFinder {
  readonly #maxAge: number;
  readonly #limits: UsageLimits;
  readonly #learning: Learning;

  constructor(maxAge: number, limits: UsageLimits) {
    this.#maxAge = maxAge;
    this.#limits = limits;
    this.#learning = new Learning({ least: limits.avoidable, worth: limits.perKey });
  }

  /** Reads by key that cost as much as a full read. */
  roomOf({ size }: KeptConsumers): number {
    return Math.floor(size / this.#limits.perKey);
  }

  async find(refreshing: Refreshing): Promise<Way> {
    const { kept, pending, began, providers, isOld } = refreshing;
    const learning = this.#learning;
    learning.forgetAfter(MAX_AGES * this.#maxAge, began);
    if (providers === undefined || !kept.isWhole) return { kind: "anew" };
    const room = this.roomOf(kept);
    const isFew = providers.size * UNITS_OF_PROVIDER <= room;
    if (!learning.isKnown) {
      if (isOld || !isFew) return { kind: "anew" };
      learning.avoidable();
      if (!learning.pays) return { kind: "anew" };
      learning.postpone();
    }
    const known = new Set(pending);
    for (const provider of providers) {
      for (const consumer of kept.holdersOn(provider)) known.add(consumer);
    }
    const isWorth = known.size <= room;
    const holders =
      isFew && isWorth ? await readHoldersOn(refreshing.reading, providers, room) : undefined;
    const all = holders && new Set([...known, ...holders]);
    const follows = all !== undefined && all.size <= room;
    if (!learning.isKnown) return { kind: follows ? "learn" : "anew" };
    if (follows) return { kind: isOld ? "check" : "follow", consumers: all };
    return isWorth ? { kind: "check", consumers: known } : { kind: "anew" };
  }

  /** A refresh went this way, and what it read is kept. */
  went(way: Way["kind"], now: number): void {
    if (way === "follow") this.#learning.spared();
    else if (way === "check") this.#learning.checked();
    else this.#learning.forget();
    if (way === "learn") this.#learning.learned(now);
  }
}
