/**
 * Appends to shard logs in the transaction of the change itself, where the engine runs one
 * transaction after another: no writer refuses another one there for a log that both append to,
 * and a change costs one call less. On DynamoDB such transactions would refuse one another, so
 * that writers append with calls of their own.
 *
 * Such an append tells nothing of the log. So one in a few is a call of its own, which sees the
 * log and trims it.
 */

import { logKey } from "../items/shard-log.ts";
import type { Write } from "../table/expressions.ts";
import type { Key } from "../table/item.ts";
import { MAX_APPENDED, naming, providersByLog } from "./shard-log.ts";

/** Joint appends to a log between two that trim it: few, since entries are removed from 24 on. */
const MAX_JOINT = 3;

export class JointAppends {
  /** Joint appends to each log since the last call of its own; none yet: such a call is due. */
  readonly #joint = new Map<number, number>();

  /**
   * The writes that append the providers of all hot items among `keys`; undefined if these are
   * to be appended by calls of their own.
   * @param room writes that the transaction has room for
   */
  writesFor(keys: readonly Key[], room: number): Write[] | undefined {
    const byLog = [...providersByLog(keys)];
    const fits = byLog.every(([log, { size }]) => size <= MAX_APPENDED && !this.#isDue(log));
    if (!fits || byLog.length > room) return undefined;
    return byLog.map(([log, providers]) => {
      this.#joint.set(log, (this.#joint.get(log) ?? 0) + 1);
      return { kind: "update", key: logKey(log), ...naming([...providers]) };
    });
  }

  /** Calls of their own have appended the providers of `keys`, and trimmed the logs. */
  appended(keys: readonly Key[]): void {
    for (const log of providersByLog(keys).keys()) this.#joint.set(log, 0);
  }

  #isDue(log: number): boolean {
    return (this.#joint.get(log) ?? MAX_JOINT) >= MAX_JOINT;
  }
}
