/** How the changes of one request get into the shard logs, and where the table still has them, into heads. */
import { FORMAT } from "../items/table-format.ts";
import type { Key } from "../table/item.ts";
import { raiseOldHeads } from "./old-heads.ts";
import { APPEND_LIMIT, type AppendParts, appendToShardLogs, providersByLog } from "./shard-log.ts";

export class Appender {
  readonly #parts: AppendParts;

  constructor({ connection, context, log }: AppendParts) {
    this.#parts = { connection, context, log };
  }

  /**
   * @param format the table's
   * @param until milliseconds since 1970; short by default, since the change is committed
   *   already
   */
  async append(
    keys: readonly Key[],
    format: number,
    until = this.#parts.context.clock.now() + APPEND_LIMIT,
  ): Promise<boolean> {
    const { clock, random, counts, deadline } = this.#parts.context;
    const context = { clock, random, counts, deadline: Math.min(deadline, until) };
    const parts = { ...this.#parts, context };
    // Both, while the format is an older one: other functions may know already that it was raised.
    const old = format === FORMAT ? true : raiseOldHeads(parts, keys);
    const [appended, raised] = await Promise.all([appendTo(parts, keys), old]);
    return appended && raised;
  }
}

/** @returns whether all were appended */
async function appendTo(parts: AppendParts, keys: readonly Key[]): Promise<boolean> {
  const { heldLogs } = parts.connection;
  if (heldLogs === undefined) return appendToShardLogs(parts, keys);
  heldLogs.append(providersByLog(keys));
  return true;
}
