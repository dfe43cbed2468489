/**
 * Heads of format 1: while functions of that release may run beside this one, every change is
 * announced in its heads, too. A head then names no provider, so that those functions read the
 * whole shard: one update without conditions, that no writer refuses another.
 */
import { isHot } from "../items/hot.ts";
import { oldHead, oldHeadKey } from "../items/old-head.ts";
import { providerOf, shardOf } from "../items/shard.ts";
import { call } from "../table/call.ts";
import { type Change, countTo, set, toSingle } from "../table/expressions.ts";
import { faultOf } from "../table/faults.ts";
import type { Key } from "../table/item.ts";
import { backOff } from "../table/retry.ts";
import type { AppendParts } from "./shard-log.ts";

/** Without providers, and above every version that a reader knows. */
export const emptied: readonly Change[] = [
  set(oldHead.providers, []),
  countTo(oldHead.base, oldHead.version, 1),
  countTo(oldHead.version, oldHead.version, 1),
];

/**
 * Raises the heads of all hot items among `keys`, until the context's deadline. If that fails,
 * the change stays; the failure is logged as a metric.
 * @returns whether all were raised
 */
export async function raiseOldHeads(parts: AppendParts, keys: readonly Key[]): Promise<boolean> {
  const shards = new Set(keys.filter(isHot).map((key) => shardOf(providerOf(key))));
  const raised = await Promise.all(
    [...shards].map(async (shard) => {
      if (await raise(parts, shard)) return true;
      const message = "head of format 1 not raised";
      parts.log({ level: "WARN", message, metric: "HeadNotRaised", shards: [shard] });
      return false;
    }),
  );
  return raised.every((each) => each);
}

async function raise(
  { connection: { client, tableName }, context }: AppendParts,
  shard: number,
): Promise<boolean> {
  const write = { kind: "update", key: oldHeadKey(shard), changes: emptied, when: [] } as const;
  const single = toSingle(write, tableName);
  if (single.kind !== "update") throw new Error("a head is only updated");
  for (let attempt = 1; ; attempt += 1) {
    try {
      await call(context, (options) => client.send("UpdateItem", single.input, options));
      return true;
    } catch (error) {
      if (faultOf(error).kind === "fatal") return false;
      if (!(await backOff(context, attempt))) return false;
    }
  }
}
