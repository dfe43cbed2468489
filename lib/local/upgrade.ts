/** A table that an earlier version of this program has written is upgraded before it is served. */
import type { Runtime } from "../api/runtime.ts";
import { Refusal } from "../model/refusal.ts";
import { WRITING } from "../store/connection.ts";
import { FORMAT } from "../store/meta.ts";
import { StartFailure } from "./start-failure.ts";
import type { Place } from "./storage.ts";

/** Milliseconds. */
const LIMIT = 60_000;

/**
 * Upgrades the table of a data folder, which is this process's alone. One elsewhere may be
 * written by others: it is upgraded if the operator says so.
 * @throws StartFailure
 */
export async function upgradePlace(
  place: Place,
  { openStore, clock }: Runtime,
  { asked, tell }: { readonly asked: boolean; readonly tell: (line: string) => void },
): Promise<void> {
  const store = openStore({ access: WRITING, deadline: clock.now() + LIMIT });
  try {
    const found = await store.tableFormat();
    if (found === undefined || found === FORMAT) return;
    if (place.engine === undefined && !asked) throw older(place, found);
    const { from, format } = await store.upgrade();
    tell(`upgraded from format ${from} to ${format}: ${place.words}`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new StartFailure(`the table in ${place.words} cannot be upgraded: ${error.message}`);
  }
}

function older({ tableName, endpoint }: Place, found: number): StartFailure {
  return new StartFailure(
    `the table ${tableName} at ${endpoint} has format ${found} and this version writes format ${FORMAT}: stop all that uses it, then start once with --upgrade`,
  );
}
