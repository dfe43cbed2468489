/**
 * A rule checks one item against the items that it names. It is pure: it first states which
 * items it needs, and is then given them, from a table in memory or from consistent reads. So
 * tests and production share the rules.
 */
import { type Item, type Key, keyText } from "../../table/item.ts";
import type { Finding } from "./finding.ts";

/** What has to be read beside the item. */
export interface Needs {
  readonly keys?: readonly Key[];
  /** Partition keys, of which all items are needed. */
  readonly partitions?: readonly string[];
}

/** The items that were read, each as its large change has decided. */
export interface Near {
  get(key: Key): Item | undefined;
  /** All items under a partition key. */
  under(pk: string): readonly Item[];
  /** Milliseconds since 1970: what has expired may be missing. */
  readonly now: number;
}

export interface Rule {
  needs(item: Item): Needs;
  check(item: Item, near: Near): Finding[];
}

export function nearOf(
  items: ReadonlyMap<string, Item>,
  partitions: ReadonlyMap<string, readonly Item[]>,
  now: number,
): Near {
  return {
    get: (key) => items.get(keyText(key)),
    under: (pk) => partitions.get(pk) ?? [],
    now,
  };
}
