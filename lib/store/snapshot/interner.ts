/**
 * Keeps equal parts of profiles once: hosts of one kind have the same traits and
 * aggregates, and members of a tree the same root.
 */
import type { ProviderProfile } from "../../model/provider.ts";

/** Beyond this it starts anew: what is kept already stays shared. */
const MAX_KNOWN = 100_000;

export class Interner {
  readonly #lists = new Map<string, readonly (number | string)[]>();
  readonly #texts = new Map<string, string>();

  profile(given: ProviderProfile): ProviderProfile {
    const { uuid, parent, root } = given;
    return {
      ...given,
      parent: parent === undefined ? undefined : this.#text(parent),
      root: root === uuid ? uuid : this.#text(root),
      traits: this.#list(given.traits),
      aggregates: this.#list(given.aggregates),
    };
  }

  #list<T extends number | string>(list: readonly T[]): readonly T[] {
    return kept(this.#lists, list.join(), list) as readonly T[];
  }

  #text(text: string): string {
    return kept(this.#texts, text, text);
  }
}

function kept<T>(known: Map<string, T>, key: string, value: T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(key, value);
  return value;
}
