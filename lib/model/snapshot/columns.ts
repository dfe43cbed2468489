/**
 * The arrays of a snapshot. A row is a provider's number in the dictionary; a slot is one
 * inventory. Snapshots may share an array whose values are equal; no array is written after
 * its snapshot was made.
 */

/** No row. */
export const NONE = -1;

export interface Columns {
  /** By row: the parent's row, even if the parent is absent; NONE for a root. */
  readonly parent: Int32Array;
  /** By row: the root of its tree; NONE if the provider is absent. */
  readonly root: Int32Array;
  /** By row: the next one of the tree, starting from the root; NONE for the last one. */
  readonly next: Int32Array;
  /** By row: numbers of interned sets. */
  readonly traits: Int32Array;
  readonly aggregates: Int32Array;
  /** By row: its slots are consecutive. */
  readonly firstSlot: Int32Array;
  readonly slots: Int32Array;
  /** By slot. */
  readonly classes: Int32Array;
  readonly minUnit: Int32Array;
  readonly maxUnit: Int32Array;
  readonly stepSize: Int32Array;
  readonly capacity: Float64Array;
  readonly used: Float64Array;
  readonly free: Float64Array;
  /** All roots, in the order of their uuids. */
  readonly roots: Int32Array;
}

/** Columns with a value for each row or slot. */
export type ColumnName = Exclude<keyof Columns, "roots">;

export function noColumns(): Columns {
  const integers = () => new Int32Array();
  const numbers = () => new Float64Array();
  return {
    parent: integers(),
    root: integers(),
    next: integers(),
    traits: integers(),
    aggregates: integers(),
    firstSlot: integers(),
    slots: integers(),
    classes: integers(),
    minUnit: integers(),
    maxUnit: integers(),
    stepSize: integers(),
    capacity: numbers(),
    used: numbers(),
    free: numbers(),
    roots: integers(),
  };
}

/** A copy of `column` with space for `length` values, new ones `filler`. */
export function copyOf<T extends Int32Array | Float64Array>(
  column: T,
  length: number,
  filler = 0,
): T {
  const copy = new (column.constructor as new (length: number) => T)(length);
  copy.set(column.subarray(0, length));
  if (length > column.length) copy.fill(filler, column.length);
  return copy;
}
