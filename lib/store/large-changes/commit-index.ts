/**
 * The gate: one item in which every large change that was committed and is not
 * carried out yet stands, beside a number that rises with each of them.
 *
 * A change becomes visible when its id appears here, at one moment for all
 * readers. The change's record is written in the same transaction, but DynamoDB
 * promises plain reads no order between the items of a transaction: one may be
 * seen before the other. So whoever has to know whether a change is committed
 * looks here and nowhere else.
 */

import { GATE_KEY, type Gate, gate, gateOf } from "../items/commit-index.ts";
import { count, remove, set, type Write } from "../table/expressions.ts";
import type { RawTable } from "../table/table.ts";

export async function readGate(table: RawTable): Promise<Gate> {
  return gateOf(await table.get(GATE_KEY));
}

/** Lets the change through: part of the transaction that commits it. */
export function passing(id: string): Write {
  return {
    kind: "update",
    key: GATE_KEY,
    changes: [count(gate.commits, 1), set(gate.change(id), 1)],
    when: [],
  };
}

/** Forgets a change that is carried out. */
export function forgetting(id: string): Write {
  return { kind: "update", key: GATE_KEY, changes: [remove(gate.change(id))], when: [] };
}
