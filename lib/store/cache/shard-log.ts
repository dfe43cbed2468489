/**
 * Heads: for each shard the providers that changed last, so that a reader that knows an
 * older version of the shard reads only those again. The heads of shards whose numbers
 * are equal modulo `LOGS` are kept together, in one item that is called their log:
 *
 * - `n` counts what was written to it,
 * - `m` has an entry for each provider that changed lately: the number of its last change, its stamp,
 * - `b`: of every provider whose last change has a stamp above it there is an entry.
 *
 * No writer refuses another: entries are made without a condition on what is there, and
 * removed only while their stamps are as they were seen. docs/architecture.md, "Heads",
 * says why no acknowledged change is ever missed.
 *
 * A head is raised after a change was committed and before that is acknowledged. It goes
 * through plain updates: raising it twice only makes a reader look once more.
 */

import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Uuid } from "../../model/uuid.ts";
import { read } from "../items/attributes.ts";
import { isHot } from "../items/hot.ts";
import { providerOf, shardOf } from "../items/shard.ts";
import { entryOf, LOGS, log, logKey } from "../items/shard-log.ts";
import { call } from "../table/call.ts";
import type { Connection } from "../table/connection.ts";
import {
  add,
  addTo,
  atLeastSize,
  type Change,
  type Clause,
  countTo,
  equals,
  exists,
  remove,
  set,
  toSingle,
} from "../table/expressions.ts";
import { faultOf, isConditionFailed } from "../table/faults.ts";
import type { Item, Key } from "../table/item.ts";
import { backOff, type RetryContext } from "../table/retry.ts";

/** Milliseconds after a commit that a head may hold up the answer. */
export const APPEND_LIMIT = 2_000;

/** Providers that are named one by one; of more at once none is. */
export const MAX_APPENDED = 16;

/** Of writers at once that see a long log one in so many makes room: the others would meet its trim. */
const TRIM_EVERY = 4;

/** Entries at which a writer makes room, how many it leaves, and at which it empties the log. */
export const TRIM_FROM = 24;
export const TRIM_TO = 18;
export const RESET_FROM = 32;

export interface AppendParts {
  readonly connection: Connection;
  readonly context: RetryContext;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

/**
 * Raises the heads of all shards that have hot items among `keys`, until the context's
 * deadline. A head that cannot be raised does not undo the change: it is counted in the log.
 * @returns whether all of them were raised
 */
export async function appendToShardLogs(
  parts: AppendParts,
  keys: readonly Key[],
): Promise<boolean> {
  const byLog = new Map<number, Set<Uuid>>();
  for (const provider of keys.filter(isHot).map(providerOf)) {
    const number = shardOf(provider) % LOGS;
    byLog.set(number, (byLog.get(number) ?? new Set()).add(provider));
  }
  const appended = await Promise.all(
    [...byLog].map(async ([number, providers]) => {
      if (await append(parts, number, [...providers])) return true;
      const shards = [...new Set([...providers].map((each) => shardOf(each)))];
      const message = "shard log not appended to";
      parts.log({ level: "WARN", message, metric: "HeadNotRaised", log: number, shards });
      return false;
    }),
  );
  return appended.every((each) => each);
}

interface LogUpdate {
  readonly changes: readonly Change[];
  readonly when: readonly Clause[];
}

async function append(
  parts: AppendParts,
  number: number,
  changed: readonly Uuid[],
): Promise<boolean> {
  let update = changed.length > MAX_APPENDED ? resetting() : naming(changed);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await makeRoom(parts, number, await send(parts, number, update));
      return true;
    } catch (error) {
      if (isConditionFailed(error)) {
        // There is no log yet: it begins by naming nobody, which every reader takes for everybody.
        update = resetting();
        if (attempt === 1) continue;
      } else if (faultOf(error).kind === "fatal") {
        return false;
      }
      if (!(await backOff(parts.context, attempt))) return false;
    }
  }
}

/** @returns the log afterwards */
async function send(
  { connection: { client, tableName }, context }: AppendParts,
  number: number,
  { changes, when }: LogUpdate,
): Promise<Item> {
  const single = toSingle({ kind: "update", key: logKey(number), changes, when }, tableName);
  if (single.kind !== "update") throw new Error("a log is only updated");
  const command = new UpdateCommand({ ...single.input, ReturnValues: "ALL_NEW" });
  const answer = await call(context, (options) => client.send(command, options));
  return answer.Attributes as Item;
}

/** Gives each provider the next number as its stamp. */
function naming(changed: readonly Uuid[]): LogUpdate {
  return {
    changes: [
      ...changed.map((provider) => addTo(log.entry(entryOf(provider)), log.counter, 1)),
      add(log.counter, 1),
    ],
    when: [exists(...log.entries)],
  };
}

/** Names nobody any more: whoever knows an older version reads in full. */
export function resetting(): LogUpdate {
  return {
    changes: [
      set(log.entries, {}),
      countTo(log.base, log.counter, 1),
      countTo(log.counter, log.counter, 1),
    ],
    when: [],
  };
}

/**
 * Once, and whatever comes of it: a log that stays too long is only larger, and the next
 * writer tries again.
 */
async function makeRoom(parts: AppendParts, number: number, seen: Item): Promise<void> {
  const stamps = Object.entries(read(seen, log.entries) ?? {});
  const isFull = stamps.length >= RESET_FROM;
  const isTurn = stamps.length >= TRIM_FROM && read(seen, log.counter) % TRIM_EVERY === 0;
  if (!isFull && !isTurn) return;
  const update = isFull
    ? { ...resetting(), when: [atLeastSize(log.entries, RESET_FROM)] }
    : trimming(stamps);
  await send(parts, number, update).catch(() => undefined);
}

/** Removes the oldest entries, if each is as it was seen; the base rises to the last of them. */
function trimming(stamps: readonly (readonly [string, number])[]): LogUpdate {
  const oldest = stamps.toSorted(([, a], [, b]) => a - b).slice(0, stamps.length - TRIM_TO);
  const [, base] = oldest.at(-1) ?? ["", 0];
  return {
    changes: [set(log.base, base), ...oldest.map(([entry]) => remove(log.entry(entry)))],
    when: oldest.map(([entry, stamp]) => equals(log.entry(entry), stamp)),
  };
}
