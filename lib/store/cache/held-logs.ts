/**
 * Shard logs in the memory of a process that alone writes and reads its table: an append costs no
 * call, and reading them neither. They live as long as what the process knows of its providers, so
 * that nothing can be missed between two processes: the next one knows nothing yet.
 */
import type { Uuid } from "../../model/uuid.ts";
import { entryOf, LOGS, logItem } from "../items/shard-log.ts";
import type { HeldLogs } from "../table/connection.ts";
import type { Item } from "../table/item.ts";

/** Entries of a log that remain when it has more. */
export const MAX_HELD = 24;

interface Held {
  readonly counter: number;
  readonly base: number;
  /** Stamps by entries, ascending. */
  readonly entries: ReadonlyMap<string, number>;
}

export class MemoryLogs implements HeldLogs {
  readonly #logs: Held[] = Array.from({ length: LOGS }, () => empty(1));

  /** As a table has them: an append changes none that was read before. */
  get items(): readonly Item[] {
    return this.#logs.map(({ entries, ...counts }, number) =>
      logItem(number, { ...counts, entries: Object.fromEntries(entries) }),
    );
  }

  append(changed: ReadonlyMap<number, ReadonlySet<Uuid>>): void {
    for (const [number, providers] of changed) {
      const held = this.#logs[number];
      if (held !== undefined) this.#logs[number] = appended(held, [...providers].map(entryOf));
    }
  }

  reset(): void {
    for (const [number, { counter }] of this.#logs.entries()) {
      this.#logs[number] = empty(counter + 1);
    }
  }
}

const empty = (counter: number): Held => ({ counter, base: counter, entries: new Map() });

/** Each entry gets the next number as its stamp; the oldest make room, the last of which is the base. */
function appended(held: Held, changed: readonly string[]): Held {
  const counter = held.counter + 1;
  const entries = new Map(held.entries);
  for (const entry of changed) {
    entries.delete(entry);
    entries.set(entry, counter);
  }
  let { base } = held;
  for (const [entry, stamp] of entries) {
    if (entries.size <= MAX_HELD) break;
    entries.delete(entry);
    base = stamp;
  }
  return { counter, base, entries };
}
