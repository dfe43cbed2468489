/** A log that names nobody: every reader that knows an older version reads its shards in full. */
import { guard, replan } from "../../../changes/guarded-write.ts";
import { OLD_HEADS } from "../../../items/keys.ts";
import { log } from "../../../items/shard-log.ts";
import type { Plan, Store } from "../../../store.ts";
import { absent, equals, set, type Write } from "../../../table/expressions.ts";
import type { Key } from "../../../table/item.ts";
import type { Repair } from "../../rebuild.ts";
import { isCount } from "../finding.ts";

export async function repairShardLog(store: Store, key: Key): Promise<Repair> {
  return store.change(async (): Promise<Plan<Repair>> => {
    const item = await store.get(key);
    if (item === undefined) return { writes: [], result: "sound" };
    const write: Write = OLD_HEADS.includes(key.pk)
      ? { kind: "delete", key, when: [] }
      : emptied(key, item);
    return { writes: [guard(write, () => replan)], result: "repaired" };
  });
}

function emptied(key: Key, item: Readonly<Record<string, unknown>>): Write {
  const { n: counter, b: base, m: entries } = item;
  // Above every version that a reader may have taken from it.
  const known = [counter, base, ...Object.values(entries ?? {})].filter(isCount);
  const next = Math.max(0, ...known) + 1;
  return {
    kind: "update",
    key,
    changes: [set(log.counter, next), set(log.base, next), set(log.entries, {})],
    when: [counter === undefined ? absent(...log.counter) : equals(log.counter, counter)],
  };
}
