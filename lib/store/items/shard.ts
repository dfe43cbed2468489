/** Shards: the partitions over which hot items and profiles of providers are distributed. */
import { hashOf } from "../../model/fnv.ts";
import { storedUuid, type Uuid } from "../../model/uuid.ts";
import type { Key } from "../table/item.ts";
import { afterFirst, joined } from "./keys.ts";

/** In tables of formats 1 and 2; a format fixes the number. */
export const SHARDS = 32;

export const SHARD = "SHARD";

/** FNV-1a over the canonical uuid, modulo the number of shards. */
export function shardOf(provider: Uuid, shards: number = SHARDS): number {
  return hashOf(provider) % shards;
}

export const shardPk = (shard: number): string => joined(SHARD, shard);

/** The provider that the key of a hot item or of a profile names. */
export const providerOf = ({ sk }: Key): Uuid => storedUuid(afterFirst(sk));
