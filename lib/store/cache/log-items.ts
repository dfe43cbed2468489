/** Reads all shard logs and, in the same batch, the commit index. */
import { COMMIT_INDEX_KEY, commitIndexOf } from "../items/commit-index.ts";
import { LOGS, logKey } from "../items/shard-log.ts";
import type { Item } from "../table/item.ts";
import type { ItemReader } from "../table/reader.ts";

export interface LogItems {
  /** By the number of the log, as stored. */
  readonly logs: readonly (Item | undefined)[];
  /** Number of committed large changes. */
  readonly commits: number;
}

const KEYS = [...Array.from({ length: LOGS }, (_, number) => logKey(number)), COMMIT_INDEX_KEY];

export async function readLogItems(reader: ItemReader): Promise<LogItems> {
  const { heldLogs } = reader;
  if (heldLogs !== undefined) {
    // Before the commit index, as whatever is read after the logs.
    const logs = heldLogs.items;
    return { logs, commits: commitIndexOf(await reader.get(COMMIT_INDEX_KEY)).commits };
  }
  const items = await reader.batchGet(KEYS);
  return { logs: items.slice(0, LOGS), commits: commitIndexOf(items[LOGS]).commits };
}
