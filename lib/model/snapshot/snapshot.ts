/**
 * The immutable snapshot of all providers in which candidates are searched: some hundred
 * bytes per provider, in interned sets and typed arrays.
 */
import type { ClassId } from "../standard-classes.ts";
import type { Uuid } from "../uuid.ts";
import { type Columns, NONE } from "./columns.ts";
import type { Interned } from "./interned.ts";
import { Sharing } from "./sharing.ts";

/** The columns that determine which providers share with which trees. */
const SHARING_COLUMNS = ["root", "traits", "aggregates"] as const;

export class Snapshot {
  /** Providers. */
  readonly size: number;
  readonly interned: Interned;
  readonly columns: Columns;
  #sharing: Sharing | undefined;

  /** @param before a snapshot whose derived data this one may reuse */
  constructor(interned: Interned, columns: Columns, size: number, before?: Snapshot) {
    this.interned = interned;
    this.columns = columns;
    this.size = size;
    const same = before && SHARING_COLUMNS.every((name) => before.columns[name] === columns[name]);
    if (same) this.#sharing = before.#sharing;
  }

  has(provider: Uuid): boolean {
    return this.rowOf(provider) !== NONE;
  }

  /** NONE if the provider is absent. */
  rowOf(provider: Uuid): number {
    const row = this.interned.providers.find(provider) ?? NONE;
    return this.rootOf(row) === NONE ? NONE : row;
  }

  uuidOf(row: number): Uuid {
    return this.interned.providers.textOf(row);
  }

  /** NONE for an absent provider. */
  rootOf(row: number): number {
    return this.columns.root[row] ?? NONE;
  }

  /** NONE for a root, and for a provider whose parent is absent. */
  parentOf(row: number): number {
    return this.rootOf(row) === row ? NONE : (this.columns.parent[row] ?? NONE);
  }

  /** The slot of an inventory, NONE if the provider has none of the class. */
  slotOf(row: number, id: ClassId): number {
    const { firstSlot, slots, classes } = this.columns;
    const first = firstSlot[row] ?? 0;
    const end = first + (slots[row] ?? 0);
    for (let slot = first; slot < end; slot += 1) if (classes[slot] === id) return slot;
    return NONE;
  }

  /** Which providers share, and with which trees. */
  get sharing(): Sharing {
    this.#sharing ??= new Sharing(this.interned, this.columns);
    return this.#sharing;
  }
}
