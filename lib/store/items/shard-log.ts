/** Shard logs: which providers changed last. See `cache/shard-log.ts` for their use. */
import { bytesToUuid, type Uuid, uuidToBytes } from "../../model/uuid.ts";
import type { Path } from "../table/expressions.ts";
import type { Item, Key } from "../table/item.ts";
import { attribute, read, stored } from "./attributes.ts";
import { afterFirst, joined } from "./keys.ts";

export const LOG = "LOG";

/** Number of items that hold all shard logs; one partition takes 1,000 writes a second. */
export const LOGS = 16;

export const logKey = (log: number): Key => ({ pk: joined(LOG, log), sk: LOG });

/** The number of the key's log; after damage not a whole number, or not below `LOGS`. */
export const numberOfLog = ({ pk }: Key): number => Number(afterFirst(pk));

const attributes = {
  counter: attribute<number>("n"),
  base: attribute<number>("b"),
  /** Stamps by the names of entries. */
  entries: attribute<Readonly<Record<string, number>>>("m"),
} as const;

/** Paths in a log. */
export const log = {
  ...attributes,
  entry: (name: string): Path => [...attributes.entries, name],
} as const;

/** @param given `entries`: stamps by the names of entries */
export const logItem = (
  number: number,
  given: {
    readonly counter: number;
    readonly base: number;
    readonly entries: Readonly<Record<string, number>>;
  },
): Item => ({ ...logKey(number), ...stored(attributes, given) });

/** The content of a log, for readers and the verifier. */
export interface Log {
  readonly counter: number;
  readonly base: number;
  /** The stamp of each provider that has an entry. */
  readonly stamps: ReadonlyMap<Uuid, number>;
}

/** The name of a provider's entry: its 16 bytes in 22 characters. */
export function entryOf(provider: Uuid): string {
  return Buffer.from(uuidToBytes(provider)).toString("base64url");
}

const ENTRY = /^[A-Za-z0-9_-]{21}[AQgw]$/;

/** The attributes as stored, not validated: after damage they may be anything. */
export function partsOf(item: Readonly<Record<string, unknown>>) {
  const counter: unknown = read(item, log.counter);
  const base: unknown = read(item, log.base);
  const entries: unknown = read(item, log.entries);
  return { counter, base, entries };
}

/**
 * Undefined if the item is not a log, as after damage: nothing can be read from it.
 * @param above only providers with stamps above it: a reader needs no others
 */
export function logOf(item: Item | undefined, above = Number.NEGATIVE_INFINITY): Log | undefined {
  if (item === undefined) return undefined;
  const { counter, base, entries } = partsOf(item);
  if (typeof counter !== "number" || typeof base !== "number") return undefined;
  if (typeof entries !== "object" || entries === null) return undefined;
  const stamps = new Map<Uuid, number>();
  for (const [entry, stamp] of Object.entries(entries)) {
    if (!ENTRY.test(entry) || typeof stamp !== "number") return undefined;
    if (stamp <= above) continue;
    stamps.set(bytesToUuid(Buffer.from(entry, "base64url")), stamp);
  }
  return { counter, base, stamps };
}
