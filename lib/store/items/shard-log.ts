/** The items that heads are kept in: see `heads.ts`. */
import { bytesToUuid, type Uuid, uuidToBytes } from "../../model/uuid.ts";
import type { Item } from "../table/item.ts";

/** Paths in a log. */
export const log = {
  counter: ["n"],
  base: ["b"],
  entries: ["m"],
  entry: (name: string) => ["m", name],
} as const;

/** What a log says, to a reader or a verifier. */
export interface Log {
  readonly counter: number;
  readonly base: number;
  /** The stamp of each provider that is named. */
  readonly stamps: ReadonlyMap<Uuid, number>;
}

/** The name of a provider's entry: its 16 bytes in 22 characters. */
export function entryOf(provider: Uuid): string {
  return Buffer.from(uuidToBytes(provider)).toString("base64url");
}

const ENTRY = /^[A-Za-z0-9_-]{21}[AQgw]$/;

/** Undefined if the item is no log, as after damage: it tells nothing then. */
export function logOf(item: Item | undefined): Log | undefined {
  if (item === undefined) return undefined;
  const { n: counter, b: base, m: entries } = item;
  if (typeof counter !== "number" || typeof base !== "number") return undefined;
  if (typeof entries !== "object" || entries === null) return undefined;
  const stamps = new Map<Uuid, number>();
  for (const [entry, stamp] of Object.entries(entries)) {
    if (!ENTRY.test(entry) || typeof stamp !== "number") return undefined;
    stamps.set(bytesToUuid(Buffer.from(entry, "base64url")), stamp);
  }
  return { counter, base, stamps };
}
