/** Which providers were appended to the shard logs since these were last read. */
import type { Uuid } from "../../../model/uuid.ts";
import { logOf } from "../../items/shard-log.ts";
import type { ItemReader } from "../../table/reader.ts";
import { readLogItems } from "../log-items.ts";

/** By the number of the log, its counter; undefined: there was none. */
export type LogVersions = readonly (number | undefined)[];

export interface ChangedProviders {
  readonly versions: LogVersions;
  /** Undefined: the logs do not reach back to what is known. */
  readonly providers: ReadonlySet<Uuid> | undefined;
  /** Number of committed large changes. */
  readonly commits: number;
}

/**
 * @param known the logs as they were read before all that is known; undefined: nothing is. A log
 *   that is absent, or older than it was, belongs to a restored table.
 */
export async function readChangedProviders(
  reader: ItemReader,
  known: LogVersions | undefined,
): Promise<ChangedProviders> {
  const { logs, commits } = await readLogItems(reader);
  const providers = new Set<Uuid>();
  let reaches = known !== undefined;
  const versions = logs.map((item, number) => {
    const version = known?.[number];
    const log = logOf(item, version);
    if (log === undefined || version === undefined) reaches = false;
    else if (log.counter < version || log.base > version) reaches = false;
    for (const provider of log?.stamps.keys() ?? []) providers.add(provider);
    return log?.counter;
  });
  return { versions, providers: reaches ? providers : undefined, commits };
}
