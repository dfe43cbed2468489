import type { Dictionary } from "./dictionary.ts";
import type { IdSets } from "./id-sets.ts";
import type { SetTexts } from "./set-texts.ts";

/** What snapshots that were built from one another share. */
export interface Interned {
  readonly providers: Dictionary;
  readonly aggregates: Dictionary;
  readonly traitSets: IdSets;
  /** The trait sets as answers show them. */
  readonly traitTexts: SetTexts;
  readonly aggregateSets: IdSets;
}
