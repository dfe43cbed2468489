/** The keys of all items: see docs/architecture.md, "The table". */
import { createHash } from "node:crypto";
import { storedUuid, type Uuid } from "../../model/uuid.ts";
import type { Key } from "../table/item.ts";
import { SHARDS } from "./format.ts";

/** DynamoDB's limits on keys, in bytes: what is longer cannot exist. */
const MAX_PK = 2048;
const MAX_SK = 1024;

export function fits(key: Key): boolean {
  return Buffer.byteLength(key.pk) <= MAX_PK && Buffer.byteLength(key.sk) <= MAX_SK;
}

/** FNV-1a over the canonical uuid, modulo the number of shards. */
export function shardOf(provider: Uuid, shards: number = SHARDS): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < provider.length; i += 1) {
    hash = Math.imul(hash ^ provider.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0) % shards;
}

export const HOT = "H#";
export const PROFILE = "P#";

/** The provider of a hot item's or a profile's sort key: both prefixes are of one length. */
export const providerIn = (sortKey: string): Uuid => storedUuid(sortKey.slice(HOT.length));

export const shardPk = (shard: number): string => `SHARD#${shard}`;

export const hotKey = (provider: Uuid): Key => ({
  pk: shardPk(shardOf(provider)),
  sk: `${HOT}${provider}`,
});

export const profileKey = (provider: Uuid): Key => ({
  pk: shardPk(shardOf(provider)),
  sk: `${PROFILE}${provider}`,
});

export const treeKey = (root: Uuid): Key => ({ pk: `TREE#${root}`, sk: "TREE" });

export const nameKey = (name: string): Key => ({ pk: `NAME#${name}`, sk: "NAME" });

export const consumerKey = (consumer: Uuid): Key => ({
  pk: `CONSUMER#${consumer}`,
  sk: "CONSUMER",
});

export const allocationsPk = (provider: Uuid): string => `ALLOCATIONS#${provider}`;

export const allocationKey = (provider: Uuid, consumer: Uuid): Key => ({
  pk: allocationsPk(provider),
  sk: `CONSUMER#${consumer}`,
});

export const projectPk = (project: string): string => `PROJECT#${project}`;

/** 16 bytes of SHA-256 in hex: a user's consumers stand together, whatever the user's id holds. */
export function userPrefix(user: string): string {
  return `${createHash("sha256").update(user).digest("hex").slice(0, 32)}#`;
}

export const projectKey = (project: string, user: string, consumer: Uuid): Key => ({
  pk: projectPk(project),
  sk: `${userPrefix(user)}${consumer}`,
});

export const IDLE_PARTITIONS = 16;

export const idlePk = (partition: number): string => `IDLE#${partition}`;

/** `since` in milliseconds, padded so that the text sorts as the number does. */
export const idleKey = (consumer: Uuid, since: number): Key => ({
  pk: idlePk(shardOf(consumer, IDLE_PARTITIONS)),
  sk: `${String(since).padStart(15, "0")}#${consumer}`,
});

export type NameKind = "CLASSES" | "TRAITS";

export const customNameKey = (kind: NameKind, name: string): Key => ({ pk: kind, sk: name });

export const NAMES_KEY: Key = { pk: "NAMES", sk: "NAMES" };

/** `id` is a hash, so that the key's length is fixed, whatever the client's key is. */
export const idempotencyRecordKey = (id: string): Key => ({
  pk: `IDEMPOTENCY#${id}`,
  sk: "IDEMPOTENCY",
});

/** Items that the heads of shards are kept in; one partition takes 1,000 writes a second. */
export const LOGS = 16;

export const logKey = (log: number): Key => ({ pk: `LOG#${log}`, sk: "LOG" });

/** Where tables of format 1 have the heads of their shards. */
export const OLD_HEADS: readonly string[] = [0, 1, 2, 3].map((partition) => `HEADS#${partition}`);
