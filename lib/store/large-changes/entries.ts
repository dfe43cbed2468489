/**
 * The items of a large change: the write of each, in the order of the intents, and the
 * condition under which its intent is written.
 *
 * Owners come first. No other writer changes the items that follow an owner (look-up,
 * project, idle and name items) while the owner has a write intent. The order is the same for
 * every change, so that two changes never wait for each other.
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

/**
 * The attributes that show whether an item is unchanged, by the kind of its key; all other
 * kinds follow an owner.
 */
const VERSIONS: readonly (readonly [Kind, ...versions: Attribute<unknown>[]])[] = [
  ["hot", hot.revision],
  ["profile", profile.version],
  ["tree", tree.version],
  ["consumer", consumer.writeId, consumer.leaseVersion, consumer.leaseListed],
  ["custom-name", customName.id, customName.users, customName.version, customName.updated],
  ["names", allNames.version],
];

function rankOf(key: Key): number {
  const kind = kindOf(key);
  const rank = VERSIONS.findIndex(([owner]) => owner === kind);
  return rank < 0 ? VERSIONS.length : rank;
}

/** In the order in which their intents are written. */
export function inOrder(writes: readonly GuardedWrite[]): GuardedWrite[] {
  const placed = writes.map((guarded) => {
    const key = keyOf(guarded.write);
    return { guarded, rank: rankOf(key), text: keyText(key) };
  });
  placed.sort((a, b) => a.rank - b.rank || (a.text < b.text ? -1 : 1));
  return placed.map(({ guarded }) => guarded);
}

/** The failed condition of an entry, as a transaction would report it. */
export function failureOf({ guarded, old }: Entry): FailedWrite | undefined {
  return guarded.write.when.every((clause) => holds(clause, old)) ? undefined : { guarded, old };
}

/**
 * Clauses that hold while the item is as it was read. An item that follows an owner has no
 * version, but conditions of its own, which are short.
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

/** Writes the intent to the item, or to a placeholder if there is no item. */
export function intentWrite(entry: Entry, change: string): Write {
  const { key, old } = entry;
  const intent = intentAttribute(intentFor(entry, change));
  const when = unchanged(entry);
  if (old === undefined) return { kind: "put", item: { ...key, [INTENT]: intent }, when };
  return { kind: "update", key, changes: [set([INTENT], intent)], when };
}

/**
 * Locks the item in any state: its intent has no image yet. No other writer changes the item
 * until the image is determined.
 */
export function lockWrite({ key }: Entry, change: string): Write {
  return {
    kind: "update",
    key,
    changes: [set([INTENT], lockAttribute(change))],
    when: [exists("pk")],
  };
}

/** Adds the image to the intent of a locked item; `entry.old` was read after it was locked. */
export function completionWrite(entry: Entry, change: string): Write {
  const { key } = entry;
  const intent = intentAttribute(intentFor(entry, change));
  return { kind: "update", key, changes: [set([INTENT], intent)], when: [], intentOf: change };
}

function intentFor({ old, guarded }: Entry, change: string): WriteIntent {
  return { change, after: outcomeOf(guarded.write, old), placeholder: old === undefined };
}
