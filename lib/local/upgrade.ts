/** A table that an earlier version of this program has written is upgraded before it is served. */

import type { Runtime } from "../api/runtime.ts";
import { Refusal } from "../model/refusal.ts";
import { FORMAT } from "../store/items/table-format.ts";
import { upgradeTable } from "../store/maintenance/upgrade-table.ts";
import { WRITING } from "../store/table/connection.ts";
import { StartFailure } from "./start-failure.ts";
import type { TableLocation } from "./storage.ts";

/** Milliseconds. */
const LIMIT = 60_000;

/**
 * Upgrades the table of a data folder, which is this process's alone. One elsewhere may be
 * used by others, also of an older version, and is served in its format until the operator
 * says that it can be upgraded. A table that has the format already
 * is looked through too: an upgrade may have been cut off once the format was written.
 * @throws StartFailure
 */
export async function upgradeAtStart(
  location: TableLocation,
  { openStore, clock }: Runtime,
  { asked, tell }: { readonly asked: boolean; readonly tell: (line: string) => void },
): Promise<void> {
  const store = openStore({ access: WRITING, deadline: clock.now() + LIMIT });
  try {
    const found = await store.tableFormat();
    if (found === undefined) return;
    if (location.engine === undefined && !asked) {
      if (found !== FORMAT) tell(older(location, found));
      return;
    }
    const { from, format, removed, complete } = await upgradeTable(store, { alone: true });
    if (!complete)
      throw new StartFailure(
        `the upgrade of the table in ${location.words} takes longer than ${LIMIT / 1_000} seconds: start again, it goes on where it ended`,
      );
    if (from !== format) tell(`upgraded from format ${from} to ${format}: ${location.words}`);
    else if (removed > 0) tell(`finished an upgrade to format ${format}: ${location.words}`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new StartFailure(`the table in ${location.words} cannot be upgraded: ${error.message}`);
  }
}

function older({ tableName, endpoint }: TableLocation, found: number): string {
  return `the table ${tableName} at ${endpoint} keeps format ${found}, which older versions of this program know, too: lists are slower. When none of them uses it any more, stop this one and start it once with --upgrade`;
}
