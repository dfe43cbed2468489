/** Reads all shard logs and, in the same batch, the commit index. */

import type { Uuid } from "../../../model/uuid.ts";
import { SHARDS, shardOf } from "../../items/shard.ts";
import { LOGS, logOf } from "../../items/shard-log.ts";
import type { ItemReader } from "../../table/reader.ts";
import { readLogItems } from "../log-items.ts";

export interface ShardLog {
  readonly version: number;
  /** Below this version, the entries do not name all changed providers. */
  readonly base: number;
  /** By provider, the version of its last change. */
  readonly stamps: ReadonlyMap<Uuid, number>;
}

export interface ShardLogs {
  /** By shard; undefined without a log, as in a table of an older format. */
  readonly shards: readonly (ShardLog | undefined)[];
  /** Number of committed large changes. */
  readonly commits: number;
}

export interface LogReading {
  /** By shard, the version up to which its changes are known; no stamp below is read. */
  readonly known: readonly (number | undefined)[];
  /** False: as if there were no logs. */
  readonly logged: boolean;
}

export async function readShardLogs(
  reader: ItemReader,
  { known, logged }: LogReading,
): Promise<ShardLogs> {
  const { logs: items, commits } = await readLogItems(reader);
  const logs = logged ? items.map((item, number) => logOf(item, lowestOf(known, number))) : [];
  const stamps = Array.from({ length: SHARDS }, () => new Map<Uuid, number>());
  for (const log of logs) {
    for (const [uuid, stamp] of log?.stamps ?? []) stamps[shardOf(uuid)]?.set(uuid, stamp);
  }
  const shards = stamps.map((own, shard): ShardLog | undefined => {
    const log = logs[shard % LOGS];
    return log && { version: log.counter, base: log.base, stamps: own };
  });
  return { shards, commits };
}

/** Of the shards whose log it is; undefined: of one nothing is known. */
function lowestOf(known: readonly (number | undefined)[], number: number): number | undefined {
  const versions = known.filter((_, shard) => shard % LOGS === number);
  const numbers = versions.filter((version) => version !== undefined);
  return numbers.length < versions.length ? undefined : Math.min(...numbers);
}
