/**
 * Sharing providers: those with the trait MISC_SHARES_VIA_AGGREGATE offer what
 * they have to every tree in which a provider is in one of their aggregates.
 *
 * Source: Placement user guide, "Modeling with Provider Trees".
 */
import { STANDARD_TRAIT_IDS } from "../standard-traits.ts";
import { type Columns, NONE } from "./columns.ts";
import type { Interned } from "./interned.ts";

const SHARES = STANDARD_TRAIT_IDS.get("MISC_SHARES_VIA_AGGREGATE") ?? NONE;
const NOBODY: readonly number[] = [];

export class Sharing {
  readonly #interned: Interned;
  readonly #byAggregate = new Map<number, number[]>();
  readonly #bySet = new Map<number, readonly number[]>();
  readonly #rows = new Set<number>();

  constructor(interned: Interned, { root, traits, aggregates }: Columns) {
    this.#interned = interned;
    const shares = interned.traitSets.matcher((set, sets) => sets.has(set, SHARES));
    for (let row = 0; row < root.length; row += 1) {
      if (root[row] === NONE || !shares(traits[row] ?? 0)) continue;
      this.#rows.add(row);
      for (const aggregate of interned.aggregateSets.idsOf(aggregates[row] ?? 0)) {
        const known = this.#byAggregate.get(aggregate);
        if (known === undefined) this.#byAggregate.set(aggregate, [row]);
        else known.push(row);
      }
    }
  }

  get size(): number {
    return this.#rows.size;
  }

  isSharing(row: number): boolean {
    return this.#rows.has(row);
  }

  /** The sharing providers that are in an aggregate of the set, in the order of their uuids. */
  withAnyOf(aggregateSet: number): readonly number[] {
    if (this.#byAggregate.size === 0) return NOBODY;
    const known = this.#bySet.get(aggregateSet);
    if (known !== undefined) return known;
    const found = new Set<number>();
    for (const aggregate of this.#interned.aggregateSets.idsOf(aggregateSet)) {
      for (const row of this.#byAggregate.get(aggregate) ?? []) found.add(row);
    }
    const rows = found.size === 0 ? NOBODY : this.ordered(found);
    this.#bySet.set(aggregateSet, rows);
    return rows;
  }

  /** In the order of their uuids. */
  ordered(rows: Iterable<number>): number[] {
    const { providers } = this.#interned;
    return [...rows].sort((a, b) => (providers.textOf(a) < providers.textOf(b) ? -1 : 1));
  }
}
