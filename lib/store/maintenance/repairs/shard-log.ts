/** Resets a shard log: every reader that knows an older version reads its shards in full. */
import { guard, replan } from "../../changes/guarded-write.ts";
import { isOldHead } from "../../items/old-head.ts";
import { log, partsOf } from "../../items/shard-log.ts";
import { isCount } from "../../items/versions.ts";
import type { Plan, Store } from "../../store.ts";
import { absent, equals, set, type Write } from "../../table/expressions.ts";
import type { Key } from "../../table/item.ts";
import type { Repair } from "./outcome.ts";

export async function repairShardLog(store: Store, key: Key): Promise<Repair> {
  return store.change(async (): Promise<Plan<Repair>> => {
    const item = await store.get(key);
    if (item === undefined) return { writes: [], result: "sound" };
    const write: Write = isOldHead(key) ? { kind: "delete", key, when: [] } : emptied(key, item);
    return { writes: [guard(write, () => replan)], result: "repaired" };
  });
}

function emptied(key: Key, item: Readonly<Record<string, unknown>>): Write {
  const { counter, base, entries } = partsOf(item);
  // Above every version that a reader may have read from it.
  const known = [counter, base, ...Object.values(entries ?? {})].filter(isCount);
  const next = Math.max(0, ...known) + 1;
  return {
    kind: "update",
    key,
    changes: [set(log.counter, next), set(log.base, next), set(log.entries, {})],
    when: [counter === undefined ? absent(...log.counter) : equals(log.counter, counter)],
  };
}
