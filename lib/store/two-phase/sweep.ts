/** Finishing what a coordinator left behind when it died. */
import type { RawTable } from "../raw-table.ts";
import { decide } from "./decide.ts";
import { finish } from "./finish.ts";
import { RECORD_PREFIX, RECORDS_PK, recordOf } from "./records.ts";

export interface SweepReport {
  /** Large changes that were met and are decided or may be aborted. */
  readonly found: number;
  /** Of these, how many are over: wholly made or wholly undone. */
  readonly done: number;
}

/**
 * Finishes decided changes and aborts expired ones, `limit` at most. One that is
 * still under way is left alone.
 */
export async function sweepChanges(table: RawTable, limit: number): Promise<SweepReport> {
  const { items } = await table.queryPage(RECORDS_PK, { prefix: RECORD_PREFIX, limit }, undefined);
  let found = 0;
  let done = 0;
  for (const { id, state, expires } of items.map(recordOf)) {
    if (state === "pending") {
      if (table.context.clock.now() <= expires) continue;
      found += 1;
      if ((await decide(table, id, "aborted")) === "gone") continue;
    } else {
      found += 1;
    }
    await finish(table, id);
    done += 1;
  }
  return { found, done };
}
