/**
 * The standard traits and their ids. An id is stored and never changes: a new standard name
 * gets the next free number, independent of the alphabet.
 *
 * Source: the library os-traits.
 */
import ids from "./standard-traits.json" with { type: "json" };

/** The id under which a trait is stored. */
export type TraitId = number;

export const STANDARD_TRAIT_IDS: ReadonlyMap<string, TraitId> = new Map(Object.entries(ids));

export const STANDARD_TRAIT_NAMES: ReadonlyMap<TraitId, string> = new Map(
  Object.entries(ids).map(([name, id]) => [id, name]),
);
