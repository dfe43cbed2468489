/** The shard logs of a table, and the calls that append to them and read them. */
import type { Uuid } from "../../lib/model/uuid.ts";
import { shardOf } from "../../lib/store/items/shard.ts";
import { LOGS, type Log, logKey, logOf } from "../../lib/store/items/shard-log.ts";
import type { Api } from "./api.ts";
import type { Call } from "./interpose.ts";

export const logOfProvider = (provider: Uuid) => logKey(shardOf(provider) % LOGS);

/** Appends are plain updates: no transaction and no large change writes a log. */
export const isLogAppend = ({ command, keys }: Call): boolean =>
  command === "Update" && keys.some(({ pk }) => pk.startsWith("LOG#"));

export const isLogReading = ({ command, keys }: Call): boolean =>
  command === "BatchGet" && keys.some(({ pk }) => pk.startsWith("LOG#"));

export async function readLog(api: Api, provider: Uuid): Promise<Log> {
  const { pk } = logOfProvider(provider);
  const log = logOf((await api.items()).find((item) => item.pk === pk));
  if (log === undefined) throw new Error(`there is no ${pk}`);
  return log;
}

export async function logEntryOf(api: Api, provider: Uuid) {
  const { counter: version, base, stamps } = await readLog(api, provider);
  return { version, base, stamp: stamps.get(provider), entries: stamps.size };
}
