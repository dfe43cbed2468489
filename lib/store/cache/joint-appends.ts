/**
 * Appends to shard logs in the transaction of the change itself, where the engine runs one
 * transaction after another: no writer refuses another one there for a log that both append to,
 * and a change costs one call less. On DynamoDB such transactions would refuse one another, so
 * that writers append with calls of their own.
 *
 * Such an append tells nothing of the log. So the first, and one in a few from then on, is a call
 * of its own, whose answer shows the log.
 */

import type { Uuid } from "../../model/uuid.ts";
import { read } from "../items/attributes.ts";
import { entryOf, log, logKey } from "../items/shard-log.ts";
import type { JoinedAppends, Joint } from "../table/connection.ts";
import type { Write } from "../table/expressions.ts";
import type { Item, Key } from "../table/item.ts";
import { KnownLog } from "./known-log.ts";
import { MAX_APPENDED, providersByLog } from "./shard-log.ts";

export class JointAppends implements JoinedAppends {
  readonly #known = new Map<number, KnownLog>();
  /** Appends to each log that have not ended. */
  readonly #underWay = new Map<number, number>();

  writesFor(keys: readonly Key[], room: number): Joint | undefined {
    const byLog = [...providersByLog(keys)];
    if (byLog.length > room) return undefined;
    const fits = byLog.flatMap(([number, providers]) => {
      const known = this.#known.get(number);
      if (known === undefined || known.isDue || providers.size > MAX_APPENDED) return [];
      return { number, known, providers };
    });
    if (fits.length < byLog.length) return undefined;
    const appends = fits.map(({ number, known, providers }) =>
      this.#begin(number, known, providers),
    );
    return {
      writes: appends.map(({ write }) => write),
      ended: (applied) => {
        for (const { ended } of appends) ended(applied);
      },
    };
  }

  #begin(number: number, known: KnownLog, providers: ReadonlySet<Uuid>) {
    const { changes, when, ended } = known.append([...providers].map(entryOf));
    this.#count(number, 1);
    const write: Write = { kind: "update", key: logKey(number), changes, when };
    return {
      write,
      ended: (applied: boolean) => {
        this.#count(number, -1);
        ended(applied);
      },
    };
  }

  seen(number: number, item: Item): void {
    const counter = read(item, log.counter);
    if (this.#known.get(number)?.isNewerThan(counter)) return;
    const underWay = this.#underWay.get(number) ?? 0;
    this.#known.set(number, new KnownLog(counter, read(item, log.entries), underWay));
  }

  #count(number: number, by: 1 | -1): void {
    this.#underWay.set(number, (this.#underWay.get(number) ?? 0) + by);
  }
}
