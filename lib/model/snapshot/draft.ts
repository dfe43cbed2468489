/**
 * The columns of a snapshot under construction: a column is copied when its first value
 * changes.
 */
import { type ColumnName, type Columns, copyOf, NONE } from "./columns.ts";
import type { InventoryRecord } from "./record.ts";

export class Draft {
  readonly #base: Columns;
  readonly #own: Partial<Record<ColumnName, Columns[ColumnName]>> = {};
  readonly #rows: number;
  readonly #slots: number;
  #nextSlot: number;

  /** @param rows and `slots`: the lengths of the columns when all is written */
  constructor(base: Columns, rows: number, slots: number) {
    this.#base = base;
    this.#rows = rows;
    this.#slots = slots;
    this.#nextSlot = base.classes.length;
  }

  read(name: ColumnName, index: number): number | undefined {
    return (this.#own[name] ?? this.#base[name])[index];
  }

  write(name: ColumnName, index: number, value: number): void {
    if (this.read(name, index) !== value) this.own(name)[index] = value;
  }

  /** A column that may be written: copied at the first call. */
  own<N extends ColumnName>(name: N): Columns[N] {
    const owned = this.#own[name] as Columns[N] | undefined;
    if (owned !== undefined) return owned;
    const length = SLOT_COLUMNS.has(name) ? this.#slots : this.#rows;
    const made = copyOf(this.#base[name], length, LINKS.has(name) ? NONE : 0);
    this.#own[name] = made;
    return made;
  }

  /** Writes to the row's slots, or to new ones if these are too few. */
  writeInventories(row: number, inventories: readonly InventoryRecord[]): void {
    let slot = this.read("firstSlot", row) ?? 0;
    if (inventories.length > (this.read("slots", row) ?? 0)) {
      slot = this.#nextSlot;
      this.#nextSlot += inventories.length;
      this.write("firstSlot", row, slot);
    }
    this.write("slots", row, inventories.length);
    for (const inventory of inventories) {
      this.write("classes", slot, inventory.id);
      for (const name of LEAVES) this.write(name, slot, inventory[name]);
      slot += 1;
    }
  }

  finish(roots: Int32Array): Columns {
    const grown = (name: ColumnName, length: number) => {
      if (this.#base[name].length < length) this.own(name);
    };
    for (const name of ROW_COLUMNS) grown(name, this.#rows);
    for (const name of SLOT_COLUMNS) grown(name, this.#slots);
    return { ...this.#base, ...this.#own, roots } as Columns;
  }
}

const LEAVES = ["minUnit", "maxUnit", "stepSize", "capacity", "used", "free"] as const;
const SLOT_COLUMNS: ReadonlySet<ColumnName> = new Set(["classes", ...LEAVES]);
const ROW_COLUMNS = [
  "parent",
  "root",
  "next",
  "traits",
  "aggregates",
  "firstSlot",
  "slots",
] as const;
const LINKS: ReadonlySet<ColumnName> = new Set(["parent", "root", "next"]);
