/** How large changes stand that were met by their marks. */

import { recordKey, recordOf } from "../items/change-record.ts";
import { inParallel } from "../table/parallel.ts";
import type { RawTable } from "../table/table.ts";
import { readGate } from "./commit-index.ts";

export type Standing =
  | { readonly kind: "committed" | "aborted" }
  /** Undecided; `expires` in milliseconds since 1970. */
  | { readonly kind: "pending"; readonly expires: number }
  /** Its record says committed and the gate has not let it through, or has already forgotten it. */
  | { readonly kind: "passing" }
  /** There is no record: it is settled, and what is still marked was marked by a change that was aborted. */
  | { readonly kind: "over" };

/**
 * The standing of each change of `ids`, as of one reading of the gate: all that
 * are committed by then, and no others, are told to be.
 */
export async function standingsOf(
  table: RawTable,
  ids: Iterable<string>,
): Promise<Map<string, Standing>> {
  const wanted = [...new Set(ids)];
  const standings = new Map<string, Standing>();
  if (wanted.length === 0) return standings;
  const gate = await readGate(table);
  await inParallel(wanted, async (id) => {
    standings.set(id, gate.has(id) ? { kind: "committed" } : await uncommitted(table, id));
  });
  return standings;
}

async function uncommitted(table: RawTable, id: string): Promise<Standing> {
  const found = await table.get(recordKey(id));
  if (found === undefined) return { kind: "over" };
  const { state, expires } = recordOf(found);
  if (state === "pending") return { kind: "pending", expires };
  return { kind: state === "committed" ? "passing" : "aborted" };
}
