import { NO_UUID, type Uuid } from "../uuid.ts";

/**
 * Numbers for UUIDs, given in the order in which they are first seen and never reassigned.
 * Snapshots that were built from one another share a dictionary: a newer one may add to it,
 * which does not affect an older one.
 */
export class Dictionary {
  readonly #indices = new Map<string, number>();
  readonly #texts: Uuid[] = [];

  get size(): number {
    return this.#texts.length;
  }

  /** The number of `text`; assigns one if it has none. */
  intern(text: Uuid): number {
    const known = this.#indices.get(text);
    if (known !== undefined) return known;
    this.#indices.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }

  find(text: string): number | undefined {
    return this.#indices.get(text);
  }

  textOf(index: number): Uuid {
    return this.#texts[index] ?? NO_UUID;
  }
}
