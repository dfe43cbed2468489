/**
 * The items of a large change: what is to be done to each, in the order in which
 * they are marked, and what has to be unchanged when the mark is set.
 *
 * Owners come first. What follows its owner (look-up, project, idle and name
 * items) is changed by nobody else while the owner is marked. The order is the
 * same for every change, so that two of them never wait for each other.
 */

import type { GuardedWrite } from "../changes/guarded-write.ts";
import type { FailedWrite } from "../changes/verdicts.ts";
import { type Attribute, read } from "../items/attributes.ts";
import { consumer } from "../items/consumer.ts";
import { customName } from "../items/custom-name.ts";
import { hot } from "../items/hot.ts";
import { type Kind, kindOf } from "../items/kinds.ts";
import { allNames } from "../items/names.ts";
import { profile } from "../items/profile.ts";
import { tree } from "../items/tree.ts";
import { intentAttribute, lockAttribute, type WriteIntent } from "../items/write-intent.ts";
import { holds, outcomeOf } from "../table/expression-evaluator.ts";
import {
  absent,
  type Clause,
  equals,
  exists,
  INTENT,
  keyOf,
  type Path,
  set,
  type Write,
} from "../table/expressions.ts";
import { type Item, type Key, keyText } from "../table/item.ts";

export interface Entry {
  readonly guarded: GuardedWrite;
  readonly key: Key;
  /** As it was last read. */
  readonly old: Item | undefined;
}

/** What tells that an item is as it was read, by the kind of its key; the rest follows an owner. */
const VERSIONS: readonly (readonly [Kind, ...versions: Attribute<unknown>[]])[] = [
  ["hot", hot.revision],
  ["profile", profile.version],
  ["tree", tree.version],
  ["consumer", consumer.writeId],
  ["custom-name", customName.id, customName.users, customName.version, customName.updated],
  ["names", allNames.version],
];

function rankOf(key: Key): number {
  const kind = kindOf(key);
  const rank = VERSIONS.findIndex(([owner]) => owner === kind);
  return rank < 0 ? VERSIONS.length : rank;
}

/** In the order in which they are marked. */
export function inOrder(writes: readonly GuardedWrite[]): GuardedWrite[] {
  const placed = writes.map((guarded) => {
    const key = keyOf(guarded.write);
    return { guarded, rank: rankOf(key), text: keyText(key) };
  });
  placed.sort((a, b) => a.rank - b.rank || (a.text < b.text ? -1 : 1));
  return placed.map(({ guarded }) => guarded);
}

/** The clauses that fail for an entry, as a transaction would report them. */
export function failureOf({ guarded, old }: Entry): FailedWrite | undefined {
  return guarded.write.when.every((clause) => holds(clause, old)) ? undefined : { guarded, old };
}

/**
 * That the item is as it was read. What follows an owner has no version, but its
 * own conditions, which are short.
 */
function unchanged({ key, old, guarded }: Entry): Clause[] {
  if (old === undefined) return [absent("pk")];
  const [owner, ...versions] = VERSIONS[rankOf(key)] ?? [];
  if (owner === undefined) return [exists("pk"), ...guarded.write.when];
  return [exists("pk"), ...versions.map((version) => same(version, read(old, version)))];
}

/** A custom name has no version until it is used. */
function same(path: Path, value: unknown): Clause {
  return value === undefined ? absent(...path) : equals(path, value);
}

/** Marks the item in place, or a placeholder where there is none. */
export function intentWrite(entry: Entry, change: string): Write {
  const { key, old } = entry;
  const intent = intentAttribute(intentFor(entry, change));
  const when = unchanged(entry);
  if (old === undefined) return { kind: "put", item: { ...key, [INTENT]: intent }, when };
  return { kind: "update", key, changes: [set([INTENT], intent)], when };
}

/**
 * Marks the item whatever it is now, with no image yet: nobody else changes it
 * from then on, so that its image can be worked out in peace.
 */
export function lockWrite({ key }: Entry, change: string): Write {
  return {
    kind: "update",
    key,
    changes: [set([INTENT], lockAttribute(change))],
    when: [exists("pk")],
  };
}

/** Adds the image to an item that is frozen; `entry.old` is as it was read since. */
export function completionWrite(entry: Entry, change: string): Write {
  const { key } = entry;
  const intent = intentAttribute(intentFor(entry, change));
  return { kind: "update", key, changes: [set([INTENT], intent)], when: [], intentOf: change };
}

function intentFor({ old, guarded }: Entry, change: string): WriteIntent {
  return { change, after: outcomeOf(guarded.write, old), placeholder: old === undefined };
}
