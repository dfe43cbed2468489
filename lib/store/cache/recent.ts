/**
 * What this process wrote last, so that the next change of it needs no read: where one process serves
 * everything, as on the embedded engine. What others have changed since fails the conditions of
 * what was planned on it, and is read. Names that it looked up last are kept in the same way.
 */
import type { Consumer } from "../../model/consumer.ts";
import type { Provider, ProviderState } from "../../model/provider.ts";
import type { Uuid } from "../../model/uuid.ts";
import type { Shareable, SharedSettings } from "./shared.ts";

/** About a megabyte and a half of consumers, or three of providers with forty traits. */
const KEPT = 2_048;
/** About a megabyte and a half. */
const KEPT_NAMES = 8_192;

export class Recent<T> {
  /** From the oldest on. */
  readonly #known = new Map<string, T>();
  readonly #kept: number;

  constructor(kept: number) {
    this.#kept = kept;
  }

  /** @param after undefined: it has ended */
  written(key: string, after: T | undefined): void {
    this.#known.delete(key);
    if (after === undefined || this.#kept === 0) return;
    if (this.#known.size === this.#kept) {
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest);
        break;
      }
    }
    this.#known.set(key, after);
  }

  /** It is given out once: whoever relies on it changes it, or learns whether others have. */
  take(key: string): T | undefined {
    const known = this.#known.get(key);
    this.#known.delete(key);
    return known;
  }
}

/** On DynamoDB each operation has a function of its own, which no other tells. */
const kept = ({ paysUnits }: SharedSettings) => (paysUnits ? 0 : KEPT);

/** For `Store.shared`: consumers that can be released. */
export const makeRecentConsumers: Shareable<Recent<Consumer>> = (settings) =>
  new Recent(kept(settings));

/** For `Store.shared`: providers whose aggregates were replaced. Of the state, revision, inventories and use are old. */
export const makeRecentProviders: Shareable<Recent<Provider>> = (settings) =>
  new Recent(kept(settings));

/** For `Store.shared`: states whose inventories were changed. Their use is old. */
export const makeRecentStates: Shareable<Recent<ProviderState>> = (settings) =>
  new Recent(kept(settings));

/** For `Store.shared`: providers by the names by which they were found. */
export const makeRecentNames: Shareable<Recent<Uuid>> = () => new Recent(KEPT_NAMES);
