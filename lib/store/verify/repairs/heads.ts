/** A head that names nobody: every reader that knows an older version reads its shard in full. */
import { guard, replan } from "../../guarded-write.ts";
import { MAX_HEAD_LENGTH } from "../../heads.ts";
import type { Key } from "../../item.ts";
import type { Repair } from "../../rebuild.ts";
import type { Plan, Store } from "../../store.ts";
import { equals, set } from "../../write.ts";
import { isCount } from "../finding.ts";

export async function repairHead(store: Store, key: Key): Promise<Repair> {
  return store.change(async (): Promise<Plan<Repair>> => {
    const item = await store.get(key);
    if (item === undefined) return { writes: [], result: "sound" };
    const { version, base } = item as { readonly version?: unknown; readonly base?: unknown };
    if (!isCount(version)) return { writes: [], result: "left" };
    // Above every version that a reader may have taken it for.
    const next = Math.max(version, isCount(base) ? base + MAX_HEAD_LENGTH : 0) + 1;
    const changes = [set(["version"], next), set(["base"], next), set(["providers"], [])];
    const when = [equals(["version"], version)];
    return {
      writes: [guard({ kind: "update", key, changes, when }, () => replan)],
      result: "repaired",
    };
  });
}
