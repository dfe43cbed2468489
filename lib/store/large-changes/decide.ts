/** The decision about a large change: one compare-and-set of its record, from pending. */

import { type ChangeState, recordKey, recordOf } from "../items/change-record.ts";
import type { Item } from "../table/item.ts";
import { UnknownOutcome } from "../table/refusals.ts";
import type { RawTable } from "../table/table.ts";
import { Transaction } from "../table/transaction.ts";
import { decision } from "./records.ts";

export type Decided = Exclude<ChangeState, "pending"> | "gone";

/**
 * Tries to decide the change.
 * @returns the decision, by this call or another; "gone" if there is no record any more
 * @throws Busy, with nothing decided by this call; UnknownOutcome
 */
export async function decide(
  table: RawTable,
  id: string,
  state: "committed" | "aborted",
): Promise<Decided> {
  for (const action of ["PutItem", "UpdateItem"] as const) table.allow(action);
  const transaction = new Transaction(table.connection, table.context, decision(id, state));
  for (;;) {
    const sent = await transaction.send();
    if (sent.kind === "done") return state;
    const found = await recordAfter(table, id, transaction);
    // The answer that was lost may have decided the change, which was then carried out and
    // removed.
    if (found === undefined && transaction.uncertain) throw new UnknownOutcome();
    if (found === undefined) return "gone";
    const decided = recordOf(found).state;
    if (decided !== "pending") return decided;
    await transaction.pause();
  }
}

async function recordAfter(
  table: RawTable,
  id: string,
  transaction: Transaction,
): Promise<Item | undefined> {
  try {
    return await table.get(recordKey(id));
  } catch (error) {
    throw transaction.finalError(error);
  }
}
