import type { Dictionary } from "./dictionary.ts";
import type { IdSets } from "./id-sets.ts";

/** What snapshots that were built from one another share. */
export interface Interned {
  readonly providers: Dictionary;
  readonly aggregates: Dictionary;
  readonly traitSets: IdSets;
  readonly aggregateSets: IdSets;
}
