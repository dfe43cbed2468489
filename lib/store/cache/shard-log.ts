/**
 * Shard logs: which providers of a shard changed last. A reader that knows an older version
 * of a shard reads only those providers again. Shards whose numbers are equal modulo `LOGS`
 * share one item:
 *
 * - `n` counts the appends and resets,
 * - `m` has an entry for each provider that changed lately: the number of its last change,
 *   its stamp,
 * - `b`, the base: every provider whose last change has a stamp above it has an entry.
 *
 * No writer refuses another: appends have no condition on entries, and entries are removed
 * only while their stamps are unchanged. docs/architecture.md, "Shard logs", proves that no
 * acknowledged change is missed.
 *
 * A writer appends after its change was committed and before it acknowledges the change.
 * Plain updates suffice: an entry that is appended twice only makes a reader read the
 * provider once more.
 */

import type { Uuid } from "../../model/uuid.ts";
import { read } from "../items/attributes.ts";
import { isHot } from "../items/hot.ts";
import { providerOf, shardOf } from "../items/shard.ts";
import { entryOf, LOGS, log, logKey } from "../items/shard-log.ts";
import { call } from "../table/call.ts";
import type { Connection } from "../table/connection.ts";
import { atLeastSize, toSingle } from "../table/expressions.ts";
import { faultOf, isConditionFailed } from "../table/faults.ts";
import type { Item, Key } from "../table/item.ts";
import { backOff, type RetryContext } from "../table/retry.ts";
import { type LogUpdate, naming, resetting, trimming } from "./log-updates.ts";

/** Milliseconds after a commit for which an append may delay the answer. */
export const APPEND_LIMIT = 2_000;

/** Providers of one shard log that one append names; more of them reset it. */
export const MAX_APPENDED = 16;

/** One in this many writers that see a long log trims it: simultaneous trims would fail. */
const TRIM_EVERY = 4;

/**
 * The number of entries from which writers trim, the number that remains, and the number from
 * which they reset.
 */
export const TRIM_FROM = 24;
export const TRIM_TO = 18;
export const RESET_FROM = 32;

export interface AppendParts {
  readonly connection: Connection;
  readonly context: RetryContext;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

/**
 * Appends the providers of all hot items among `keys` to their shard logs, until the
 * context's deadline. If that fails, the change stays; the failure is logged as a metric.
 * @returns whether all were appended
 */
export async function appendToShardLogs(
  parts: AppendParts,
  keys: readonly Key[],
): Promise<boolean> {
  const appended = await Promise.all(
    [...providersByLog(keys)].map(async ([number, providers]) => {
      if (await append(parts, number, [...providers])) return true;
      const shards = [...new Set([...providers].map((each) => shardOf(each)))];
      const message = "shard log not appended to";
      parts.log({ level: "WARN", message, metric: "HeadNotRaised", log: number, shards });
      return false;
    }),
  );
  return appended.every((each) => each);
}

/** The providers of all hot items among `keys`, by the numbers of their logs. */
export function providersByLog(keys: readonly Key[]): Map<number, Set<Uuid>> {
  const byLog = new Map<number, Set<Uuid>>();
  for (const provider of keys.filter(isHot).map(providerOf)) {
    const number = shardOf(provider) % LOGS;
    byLog.set(number, (byLog.get(number) ?? new Set()).add(provider));
  }
  return byLog;
}

async function append(
  parts: AppendParts,
  number: number,
  changed: readonly Uuid[],
): Promise<boolean> {
  let update = changed.length > MAX_APPENDED ? resetting() : naming(changed.map(entryOf));
  for (let attempt = 1; ; attempt += 1) {
    try {
      await makeRoom(parts, number, await send(parts, number, update));
      return true;
    } catch (error) {
      if (isConditionFailed(error)) {
        // There is no log yet. It starts without entries, which makes every reader read
        // everything.
        update = resetting();
        if (attempt === 1) continue;
      } else if (faultOf(error).kind === "fatal") {
        return false;
      }
      if (!(await backOff(parts.context, attempt))) return false;
    }
  }
}

/** @returns the log after the update */
async function send(
  { connection: { client, tableName }, context }: AppendParts,
  number: number,
  { changes, when }: LogUpdate,
): Promise<Item> {
  const single = toSingle({ kind: "update", key: logKey(number), changes, when }, tableName);
  if (single.kind !== "update") throw new Error("a log is only updated");
  const input = { ...single.input, ReturnValues: "ALL_NEW" as const };
  const answer = await call(context, (options) => client.send("UpdateItem", input, options));
  return answer.Attributes as Item;
}

/**
 * Tries once and ignores a failure: a log that stays too long is only larger, and the next
 * writer tries again.
 */
async function makeRoom(parts: AppendParts, number: number, seen: Item): Promise<void> {
  const { length } = Object.keys(read(seen, log.entries) ?? {});
  const isFull = length >= RESET_FROM;
  const isTurn = length >= TRIM_FROM && read(seen, log.counter) % TRIM_EVERY === 0;
  if (!isFull && !isTurn) return;
  const update = isFull
    ? { ...resetting(), when: [atLeastSize(log.entries, RESET_FROM)] }
    : trimming(seen, TRIM_TO);
  await send(parts, number, update).catch(() => undefined);
}
