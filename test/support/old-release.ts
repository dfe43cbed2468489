/**
 * What functions of commit 15ff8ac do to heads, as that release does it: how they announce a
 * change, and what they read again. Its other items are those of this release.
 */
import { PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Uuid } from "../../lib/model/uuid.ts";
import { uuidToBytes } from "../../lib/model/uuid.ts";
import { hotKey } from "../../lib/store/items/hot.ts";
import { oldHeadKey } from "../../lib/store/items/old-head.ts";
import { SHARDS, shardOf } from "../../lib/store/items/shard.ts";
import type { Api, Item } from "./api.ts";

const MAX_LENGTH = 48;
const MAX_TRIES = 20;

interface Head {
  readonly version: number;
  readonly base: number;
  readonly providers: readonly Uint8Array[];
}

const NO_HEAD: Head = { version: 0, base: 0, providers: [] };

async function headsOf(api: Api): Promise<Head[]> {
  const items = await api.items();
  return Array.from({ length: SHARDS }, (_, shard) => {
    const { pk, sk } = oldHeadKey(shard);
    const item = items.find((each) => each.pk === pk && each.sk === sk);
    return item === undefined ? NO_HEAD : (item as unknown as Head);
  });
}

/** A warm function: the generations of the providers that it keeps in memory. */
export class OldFunction {
  readonly #api: Api;
  readonly #generations = new Map<Uuid, number>();
  #versions: readonly number[] | undefined;
  /** Shards that the last reading read in full. */
  full: readonly number[] = [];

  constructor(api: Api) {
    this.#api = api;
  }

  /** As its lists of providers show it; undefined if it is absent. */
  async generationOf(provider: Uuid): Promise<number | undefined> {
    await this.#refresh();
    return this.#generations.get(provider);
  }

  async #refresh(): Promise<void> {
    const heads = await headsOf(this.#api);
    const held = this.#versions;
    const full = heads.flatMap((head, shard) => {
      const version = held?.[shard];
      // Below the version that is known: a restored table.
      if (version === undefined || head.version < version) return shard;
      return head.version - head.providers.length > version ? shard : [];
    });
    const named = heads.flatMap((head, shard) => {
      const recent = head.version - (held?.[shard] ?? 0);
      return recent === 0 ? [] : head.providers.slice(-recent).map((each) => hex(each));
    });
    for (const item of await this.#api.items()) {
      const uuid = item.sk.startsWith("H#") ? (item.sk.slice(2) as Uuid) : undefined;
      if (uuid === undefined) continue;
      const isRead = full.includes(shardOf(uuid)) || named.includes(hex(uuidToBytes(uuid)));
      if (isRead) this.#generations.set(uuid, Number(item["g"]));
    }
    this.full = full;
    this.#versions = heads.map(({ version }) => version);
  }

  /** A change of the provider's state, announced in its head. */
  async change(provider: Uuid): Promise<number> {
    const { client, tableName: TableName } = this.#api;
    const key = hotKey(provider);
    const found = (await this.#api.items()).find(({ pk, sk }) => pk === key.pk && sk === key.sk);
    const generation = Number(found?.["g"]) + 1;
    const Item: Item = { ...(found as Item), g: generation, r: Number(found?.["r"]) + 1 };
    await client.send(new PutCommand({ TableName, Item }));
    await this.#raise(shardOf(provider), uuidToBytes(provider));
    return generation;
  }

  async #raise(shard: number, provider: Uint8Array): Promise<void> {
    for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
      if (await this.#append(shard, provider)) return;
      if (await this.#rewrite(shard, provider)) return;
    }
    throw new Error("the head does not stand still");
  }

  #append(shard: number, provider: Uint8Array): Promise<boolean> {
    return this.#update(shard, {
      UpdateExpression:
        "SET #v = if_not_exists(#v, :0) + :1, #p = list_append(if_not_exists(#p, :none), :one)",
      ConditionExpression: "attribute_exists(pk) AND size(#p) < :max",
      ExpressionAttributeNames: { "#v": "version", "#p": "providers" },
      ExpressionAttributeValues: {
        ":0": 0,
        ":1": 1,
        ":none": [],
        ":one": [provider],
        ":max": MAX_LENGTH,
      },
    });
  }

  async #rewrite(shard: number, provider: Uint8Array): Promise<boolean> {
    const old = (await headsOf(this.#api))[shard] ?? NO_HEAD;
    const providers = [...old.providers.slice(-MAX_LENGTH / 2), provider];
    const version = old.version + 1;
    const known = old === NO_HEAD;
    return this.#update(shard, {
      UpdateExpression: "SET #v = :v, #b = :b, #p = :p",
      ConditionExpression: known ? "attribute_not_exists(pk)" : "#v = :old",
      ExpressionAttributeNames: { "#v": "version", "#b": "base", "#p": "providers" },
      ExpressionAttributeValues: {
        ":v": version,
        ":b": version - providers.length,
        ":p": providers,
        ...(known ? {} : { ":old": old.version }),
      },
    });
  }

  async #update(
    shard: number,
    expressions: Omit<ConstructorParameters<typeof UpdateCommand>[0], "TableName" | "Key">,
  ): Promise<boolean> {
    const { client, tableName: TableName } = this.#api;
    try {
      const Key = { ...oldHeadKey(shard) };
      await client.send(new UpdateCommand({ TableName, Key, ...expressions }));
      return true;
    } catch (error) {
      if ((error as Error).name === "ConditionalCheckFailedException") return false;
      throw error;
    }
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** The heads that contradict themselves, as the verifier of that release finds them. */
export async function brokenHeads(api: Api): Promise<string[]> {
  const heads = await headsOf(api);
  return heads.flatMap(({ version, base, providers }, shard) =>
    version === base + providers.length ? [] : `head ${shard}`,
  );
}
