/**
 * What a process knows of a shard log to which it alone appends, in the transactions of its
 * changes: which entries there are, and a bound on the stamp of each. So an append takes as many
 * old entries out of the log as it adds, without having read it: each transaction reads and
 * writes the log as a whole, and an engine's time for that grows with its entries.
 *
 * Nothing here needs to be right. What is taken out is named with conditions that fail if it is
 * wrong, as where another process appends too; docs/architecture.md, "Shard logs", has the proof.
 */
import { log } from "../items/shard-log.ts";
import { atMost, remove, set } from "../table/expressions.ts";
import { type LogUpdate, naming } from "./log-updates.ts";
import { KEPT } from "./shard-log.ts";

/** Entries that one append takes out at most. */
const MAX_TAKEN = 16;

/** Appends, after which the log is read again. */
export const MAX_JOINT = 31;

/** One append to one log. */
export interface JointAppend extends LogUpdate {
  /** To be called once it is known whether it was applied. */
  ended(applied: boolean): void;
}

export class KnownLog {
  /** At least the counter, once the appends under way have ended. */
  #issued: number;
  /** At most the counter. */
  #completed: number;
  /** By entry, the oldest first: no entry's stamp is above its bound. Without those under way. */
  #bounds: Map<string, number>;
  /** One append at a time takes entries out: of two, the later base could arrive first. */
  #isTaking = false;
  #joint = 0;

  /** @param underWay appends that the counter may lack */
  constructor(counter: number, entries: Readonly<Record<string, number>>, underWay: number) {
    this.#issued = counter + underWay;
    this.#completed = counter;
    this.#bounds = sorted(Object.entries(entries));
  }

  /** Whether the log is to be read again, by an append that is a call of its own. */
  get isDue(): boolean {
    return this.#joint >= MAX_JOINT;
  }

  /** Whether a log that was seen at `counter` may have been seen before this one. */
  isNewerThan(counter: number): boolean {
    return this.#completed > counter;
  }

  append(changed: readonly string[]): JointAppend {
    this.#issued += 1;
    this.#joint += 1;
    const before = changed.flatMap((entry) => this.#forget(entry));
    const taken = this.#take(changed.length);
    const plain = naming(changed);
    const trimming = taken.length === 0 ? { changes: [], when: [] } : takingOut(taken);
    return {
      changes: [...plain.changes, ...trimming.changes],
      when: [...plain.when, ...trimming.when],
      ended: (applied) => {
        if (taken.length > 0) this.#isTaking = false;
        if (applied) this.#applied(changed);
        else this.#refused([...before, ...taken]);
      },
    };
  }

  #applied(changed: readonly string[]): void {
    this.#completed += 1;
    for (const entry of changed) {
      this.#forget(entry);
      this.#bounds.set(entry, this.#issued);
    }
  }

  /** @param entries that it would have changed or taken out */
  #refused(entries: readonly (readonly [string, number])[]): void {
    this.#issued -= 1;
    // Another append of the same entry may have ended since.
    const back = entries.filter(([entry]) => !this.#bounds.has(entry));
    this.#bounds = sorted([...this.#bounds, ...back]);
  }

  #forget(entry: string): [string, number][] {
    const bound = this.#bounds.get(entry);
    this.#bounds.delete(entry);
    return bound === undefined ? [] : [[entry, bound]];
  }

  /** The oldest, as many as are too many once `added` are there. */
  #take(added: number): [string, number][] {
    const count = Math.min(this.#bounds.size, this.#bounds.size + added - KEPT, MAX_TAKEN);
    if (count <= 0 || this.#isTaking) return [];
    // A base above the counter would make readers of the newest version read everything.
    const oldest = [...this.#bounds].slice(0, count);
    const taken = oldest.filter(([, bound]) => bound <= this.#completed);
    for (const [entry] of taken) this.#bounds.delete(entry);
    this.#isTaking = taken.length > 0;
    return taken;
  }
}

/** The base is the highest bound: a stamp above it would be hidden from readers of versions between. */
function takingOut(taken: readonly (readonly [string, number])[]): LogUpdate {
  const base = Math.max(...taken.map(([, bound]) => bound));
  return {
    changes: [set(log.base, base), ...taken.map(([entry]) => remove(log.entry(entry)))],
    when: [
      atMost(log.base, base),
      ...taken.map(([entry, bound]) => atMost(log.entry(entry), bound)),
    ],
  };
}

function sorted(entries: readonly (readonly [string, number])[]): Map<string, number> {
  return new Map(entries.toSorted(([, a], [, b]) => a - b));
}
