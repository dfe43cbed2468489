/** How the changes of one request get into the shard logs, and where the table still has them, into heads. */
import { FORMAT } from "../items/table-format.ts";
import type { JoinedAppends, Joint } from "../table/connection.ts";
import type { Key } from "../table/item.ts";
import { raiseOldHeads } from "./old-heads.ts";
import { APPEND_LIMIT, type AppendParts, appendToShardLogs, KEPT } from "./shard-log.ts";

export class Appender {
  readonly #parts: AppendParts;

  constructor({ connection, context, log }: AppendParts) {
    this.#parts = { connection, context, log };
  }

  /**
   * Undefined: the append has calls of its own.
   * @param format the table's
   * @param room writes that the change's transaction has room for
   */
  jointly(keys: readonly Key[], format: number, room: number): Joint | undefined {
    return this.#appends(format)?.writesFor(keys, room);
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
    const appends = this.#appends(format);
    const joint = appends === undefined ? {} : { kept: KEPT, seen: appends.seen.bind(appends) };
    const parts = { ...this.#parts, ...joint, context };
    // Both, while the format is an older one: other functions may know already that it was raised.
    const old = format === FORMAT ? true : raiseOldHeads(parts, keys);
    const [appended, raised] = await Promise.all([appendToShardLogs(parts, keys), old]);
    return appended && raised;
  }

  /** Undefined: each append is a call of its own. */
  #appends(format: number): JoinedAppends | undefined {
    return format === FORMAT ? this.#parts.connection.appends : undefined;
  }
}
