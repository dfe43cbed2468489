/**
 * Stores equal parts of profiles once: hosts of one kind have the same traits and aggregates,
 * and members of a tree the same root.
 */
import type { ProviderProfile } from "../../../model/provider.ts";
import type { Uuid } from "../../../model/uuid.ts";

/** Number of lists from which it starts empty again; parts already shared remain shared. */
const MAX_LISTS = 1_024;
const MAX_TEXTS = 100_000;

export class Interner {
  readonly #lists = new Map<string, readonly (number | string)[]>();
  readonly #texts = new Map<string, Uuid>();

  /** @param uuid the provider's, as the state has it */
  profile(given: ProviderProfile, uuid: Uuid): ProviderProfile {
    const { parent, root, writtenAggregates: written } = given;
    return {
      ...given,
      uuid,
      parent: parent === undefined ? undefined : this.#text(parent),
      root: root === uuid ? uuid : this.#text(root),
      traits: this.#list(given.traits),
      aggregates: this.#list(given.aggregates),
      ...(written === undefined ? {} : { writtenAggregates: this.#list(written) }),
    };
  }

  /** A copy that takes no more memory than its elements. */
  #list<T extends number | string>(list: readonly T[]): readonly T[] {
    const make = () => list.slice();
    return kept(this.#lists, list.join(), make, MAX_LISTS) as readonly T[];
  }

  #text(text: Uuid): Uuid {
    return kept(this.#texts, text, () => text, MAX_TEXTS);
  }
}

function kept<T>(known: Map<string, T>, key: string, make: () => T, most: number): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= most) known.clear();
  const made = make();
  known.set(key, made);
  return made;
}
