/**
 * same_subtree: among the providers of some slots, one is an ancestor of, or equal to, each
 * of the others. It is called their top here.
 */
import { NONE } from "../snapshot/columns.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Rule } from "./rules.ts";

export class SubtreeRule implements Rule {
  readonly #snapshot: Snapshot;
  readonly #members: ReadonlySet<number>;
  /** By row, the last slot that could take it: a top must be taken by then. */
  readonly #lastAsTop = new Map<number, number>();
  /** By row, the members with an option at or below it. */
  readonly #under = new Map<number, Set<number>>();
  readonly #chosen: number[] = [];
  /** The possible tops after each choice. */
  readonly #tops: (readonly number[])[] = [];

  /** @param members and `options`: slots in the order of their choice */
  constructor(
    snapshot: Snapshot,
    members: readonly number[],
    options: readonly (readonly number[])[],
  ) {
    this.#snapshot = snapshot;
    this.#members = new Set(members);
    for (const slot of members.toSorted((a, b) => a - b)) {
      for (const row of options[slot] ?? []) {
        this.#lastAsTop.set(row, slot);
        for (const above of this.#lineOf(row)) {
          const known = this.#under.get(above);
          if (known === undefined) this.#under.set(above, new Set([slot]));
          else known.add(slot);
        }
      }
    }
  }

  allows(slot: number, row: number, depth: number): boolean {
    if (!this.#members.has(slot)) return true;
    return this.#topsWith(row).some((top) => {
      const later = slot === depth ? depth + 1 : depth;
      const taken = top === row || this.#chosen.includes(top);
      return taken || (this.#lastAsTop.get(top) ?? NONE) >= later;
    });
  }

  choose(depth: number, row: number): void {
    if (!this.#members.has(depth)) return;
    this.#tops.push(this.#topsWith(row));
    this.#chosen.push(row);
  }

  undo(depth: number): void {
    if (!this.#members.has(depth)) return;
    this.#tops.pop();
    this.#chosen.pop();
  }

  /** The possible tops if `row` is taken too. */
  #topsWith(row: number): number[] {
    const tops = this.#tops.at(-1);
    const isTop = (above: number) =>
      tops === undefined
        ? this.#under.get(above)?.size === this.#members.size
        : tops.includes(above);
    return this.#lineOf(row).filter(isTop);
  }

  /** The provider and its ancestors. */
  #lineOf(row: number): number[] {
    const line: number[] = [];
    for (let each = row; each !== NONE; each = this.#snapshot.parentOf(each)) line.push(each);
    return line;
  }
}
