/** The decision about a large change: one compare-and-set of its record, from pending. */
import type { RawTable } from "../raw-table.ts";
import { Transaction } from "../transact.ts";
import { type ChangeState, decision, recordKey, recordOf } from "./records.ts";

/**
 * Tries to decide.
 * @returns what is decided, by whomever; "gone" if there is no record any more
 * @throws Busy, UnknownOutcome
 */
export async function decide(
  table: RawTable,
  id: string,
  state: "committed" | "aborted",
): Promise<Exclude<ChangeState, "pending"> | "gone"> {
  for (const action of ["PutItem", "UpdateItem"] as const) table.allow(action);
  const transaction = new Transaction(table.connection, table.context, decision(id, state));
  for (;;) {
    const sent = await transaction.send();
    if (sent.kind === "done") return state;
    const found = await table.get(recordKey(id));
    if (found === undefined) return "gone";
    const decided = recordOf(found).state;
    if (decided !== "pending") return decided;
    await transaction.pause();
  }
}
