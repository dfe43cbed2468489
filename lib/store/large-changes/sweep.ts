/** Finishes large changes whose coordinator crashed. */

import { type ChangeRecord, RECORD_PREFIX, RECORDS_PK, recordOf } from "../items/change-record.ts";
import { namesIn, type OnChanged } from "../items/subjects.ts";
import type { Key } from "../table/item.ts";
import { isOutOfTime } from "../table/retry.ts";
import type { RawTable } from "../table/table.ts";
import { decide } from "./decide.ts";
import { finish } from "./finish.ts";

export interface SweepReport {
  /** Large changes that were found decided or expired. */
  readonly found: number;
  /** How many of these are over: completely applied or completely undone. */
  readonly done: number;
}

export interface SweepParts {
  readonly table: RawTable;
  log(entry: Readonly<Record<string, unknown>>): void;
  /** Called with the id of each decided change, and the names of the items that were resolved. */
  readonly changed?: OnChanged | undefined;
}

const PAGE = 100;
const MAX_PAGES = 100;

/**
 * Finishes decided changes and aborts expired ones, at most `limit`, until the deadline.
 * Changes under way are left alone; a change that cannot be finished does not delay the
 * others.
 */
export async function sweepChanges(parts: SweepParts, limit: number): Promise<SweepReport> {
  const { table } = parts;
  let found = 0;
  let done = 0;
  let start: Key | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const options = { prefix: RECORD_PREFIX, limit: PAGE };
    const answer = await table.queryPage(RECORDS_PK, options, start);
    for (const record of answer.items.map(recordOf)) {
      if (record.state === "pending" && table.context.clock.now() <= record.expires) continue;
      if (found >= limit || isOutOfTime(table.context)) return { found, done };
      found += 1;
      if (await sweepOne(parts, record)) done += 1;
    }
    start = answer.next;
    if (start === undefined) break;
  }
  return { found, done };
}

async function sweepOne(
  { table, log, changed }: SweepParts,
  record: ChangeRecord,
): Promise<boolean> {
  const { id, state } = record;
  try {
    if (state === "pending" && (await decide(table, id, "aborted")) === "gone") return true;
    changed?.(id);
    return await finish(table, id, (key) => changed?.(...namesIn(key)));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = "large change not finished";
    log({ level: "WARN", message, metric: "LargeChangeLeft", change: id, reason });
    return false;
  }
}
