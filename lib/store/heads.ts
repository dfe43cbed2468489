/**
 * Heads: for each shard the last providers that changed, so that a reader that
 * knows an older version of the shard re-reads only those.
 *
 * A head's version is its base plus the length of its list, always. It is raised
 * after a change was committed and before that is acknowledged. It goes through
 * plain updates: raising it twice only makes a reader look once more.
 */

import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { type Uuid, uuidToBytes } from "../model/uuid.ts";
import type { Connection } from "./connection.ts";
import { faultOf } from "./faults.ts";
import type { Item, Key } from "./item.ts";
import { HOT, headKey, providerIn, shardOf } from "./keys.ts";
import { backOff, type RetryContext } from "./retry.ts";
import {
  absent,
  add,
  append,
  type Change,
  type Clause,
  equals,
  set,
  sizeBelow,
  toSingle,
} from "./write.ts";

/** Providers that a head names at most. */
export const MAX_HEAD_LENGTH = 48;

interface Parts {
  readonly connection: Connection;
  readonly context: RetryContext;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

/**
 * Raises the heads of all shards that have hot items among `keys`. A head that
 * cannot be raised in time does not undo the change: it is counted in the log.
 * @returns whether all of them were raised
 */
export async function raiseHeads(parts: Parts, keys: readonly Key[]): Promise<boolean> {
  const byShard = new Map<number, Uuid[]>();
  for (const { sk } of keys) {
    if (!sk.startsWith(HOT)) continue;
    const provider = providerIn(sk);
    const shard = shardOf(provider);
    byShard.set(shard, [...(byShard.get(shard) ?? []), provider]);
  }
  const raised = await Promise.all(
    [...byShard].map(async ([shard, providers]) => {
      if (await raiseHead(parts, headKey(shard), providers.map(uuidToBytes))) return true;
      parts.log({ level: "WARN", message: "head not raised", metric: "HeadNotRaised", shard });
      return false;
    }),
  );
  return raised.every((each) => each);
}

async function raiseHead(parts: Parts, key: Key, changed: readonly Uint8Array[]): Promise<boolean> {
  let found: Head | "unread" | undefined = "unread";
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { changes, when } = found === "unread" ? appendTo(changed) : rewrite(found, changed);
      const single = toSingle({ kind: "update", key, changes, when }, parts.connection.tableName);
      if (single.kind === "update") {
        await parts.connection.client.send(new UpdateCommand(single.input));
      }
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        // A head that moved since is tried as it is first: it may have room again.
        found = found === "unread" ? headOf(error) : "unread";
        if (attempt < 3) continue;
      } else if (faultOf(error).kind === "fatal") {
        return false;
      }
      if (!(await backOff(parts.context, attempt))) return false;
    }
  }
}

interface Head {
  readonly version: number;
  readonly providers: readonly Uint8Array[];
}

interface HeadUpdate {
  readonly changes: readonly Change[];
  readonly when: readonly Clause[];
}

function appendTo(changed: readonly Uint8Array[]): HeadUpdate {
  return {
    changes: [add(["version"], changed.length), append(["providers"], changed)],
    when: [sizeBelow(["providers"], MAX_HEAD_LENGTH - changed.length + 1)],
  };
}

/** Makes room: the newer half stays, none of it if the new ones fill the list alone. */
function rewrite(old: Head | undefined, changed: readonly Uint8Array[]): HeadUpdate {
  const kept = old?.providers.slice(-MAX_HEAD_LENGTH / 2) ?? [];
  const providers = [...kept, ...changed].length <= MAX_HEAD_LENGTH ? [...kept, ...changed] : [];
  const version = (old?.version ?? 0) + changed.length;
  return {
    changes: [
      set(["version"], version),
      set(["base"], version - providers.length),
      set(["providers"], providers),
    ],
    when: [old === undefined ? absent("pk") : equals(["version"], old.version)],
  };
}

function headOf(error: ConditionalCheckFailedException): Head | undefined {
  if (error.Item === undefined) return undefined;
  const item = unmarshall(error.Item) as Item;
  return {
    version: item["version"] as number,
    providers: item["providers"] as Uint8Array[],
  };
}
