/**
 * What sets of ids look like in answers: the names of their members as JSON text, made at the
 * first use and kept once for all providers that have the set.
 */
import type { IdSets } from "./id-sets.ts";

/** Names of ids. An object names an id the same for as long as it exists. */
export interface Naming {
  /** Undefined for an id that is not in use any more. */
  nameOf(id: number): string | undefined;
}

/** Characters that are kept: some 1,000 sets of 40 traits. */
export const MOST_KEPT = 1_000_000;

export class SetTexts {
  readonly #sets: IdSets;
  /** By set. */
  readonly #texts = new Map<number, string>();
  #length = 0;
  /** What the kept texts are made with: after a change of names there is another one. */
  #naming: Naming | undefined;

  constructor(sets: IdSets) {
    this.#sets = sets;
  }

  /** Characters that are kept now. */
  get length(): number {
    return this.#length;
  }

  /** A JSON array of the names, in ascending order; ids without a name are left out. */
  textOf(set: number, naming: Naming): string {
    if (naming !== this.#naming) this.#forget();
    this.#naming = naming;
    const known = this.#texts.get(set);
    if (known !== undefined) return known;
    const made = JSON.stringify(namesOf(this.#sets.idsOf(set), naming));
    // All are dropped at once: of a fleet that has more, few are in any one answer.
    if (this.#length + made.length > MOST_KEPT) this.#forget();
    this.#texts.set(set, made);
    this.#length += made.length;
    return made;
  }

  #forget(): void {
    this.#texts.clear();
    this.#length = 0;
  }
}

function namesOf(ids: Iterable<number>, naming: Naming): string[] {
  const names: string[] = [];
  for (const id of ids) {
    const name = naming.nameOf(id);
    if (name !== undefined) names.push(name);
  }
  return names.sort();
}
