/**
 * Heads: the items of format 1 that shard logs have replaced. Functions of that release read
 * which providers of a shard changed last from its head; this release only writes them, and
 * only while a table has format 1.
 */
import type { Item, Key } from "../table/item.ts";
import { attribute, read } from "./attributes.ts";
import { joined } from "./keys.ts";
import { SHARDS } from "./shard.ts";

export const HEADS = "HEADS";

const PARTITIONS = 4;

/** Partition keys. */
export const OLD_HEADS: readonly string[] = Array.from({ length: PARTITIONS }, (_, partition) =>
  joined(HEADS, partition),
);

export const isOldHead = ({ pk }: Key): boolean => OLD_HEADS.includes(pk);

export const oldHeadKey = (shard: number): Key => ({
  pk: joined(HEADS, shard % PARTITIONS),
  sk: String(shard),
});

/** The shard of the key; after damage no shard. */
export const shardOfHead = ({ sk }: Key): number => Number(sk) % SHARDS;

export const oldHead = {
  /** The base and the number of providers, always. */
  version: attribute<number>("version"),
  /** A reader that knows an older version reads the whole shard. */
  base: attribute<number>("base"),
  /** 16 bytes for each provider that changed since the base. */
  providers: attribute<readonly Uint8Array[]>("providers"),
} as const;

/** Only the release of format 1 names providers: this one names none. */
export function namesProviders(item: Item): boolean {
  const providers: unknown = read(item, oldHead.providers);
  return Array.isArray(providers) && providers.length > 0;
}
