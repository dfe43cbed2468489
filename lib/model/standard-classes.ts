/**
 * The standard resource classes and their ids. An id is stored and never changes: a new
 * standard name gets the next free number.
 *
 * Source: the library os-resource-classes.
 */
import ids from "./standard-classes.json" with { type: "json" };

/** The id under which a resource class is stored. */
export type ClassId = number;

export const STANDARD_CLASS_IDS: ReadonlyMap<string, ClassId> = new Map(Object.entries(ids));

export const STANDARD_CLASS_NAMES: ReadonlyMap<ClassId, string> = new Map(
  Object.entries(ids).map(([name, id]) => [id, name]),
);

/** Custom names have ids from here on; ids are never used again. */
export const FIRST_CUSTOM_ID = 65_536;
