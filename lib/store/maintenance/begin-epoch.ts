/**
 * A restored table begins a new epoch: what was written after the moment to which it was
 * restored is forgotten, and generations and ids may occur a second time.
 */
import { formatWrites, tableFormat } from "../cache/establish.ts";
import { read } from "../items/attributes.ts";
import { FORMAT, formatAttributes, META_KEY } from "../items/table-format.ts";
import type { MaintenanceStore } from "../maintenance-store.ts";
import { absent, equals, set } from "../table/expressions.ts";
import { Busy } from "../table/refusals.ts";
import type { RawTable } from "../table/table.ts";
import { Transaction } from "../table/transaction.ts";

/**
 * Shard logs lose their entries too: functions that have read a later state of the table read
 * all of it again.
 * @returns the epoch
 * @throws NewerTableFormat, Busy
 */
export function beginEpoch(store: MaintenanceStore): Promise<string> {
  return store.reformat((table) => begin(table, store.random.uuid()));
}

async function begin(table: RawTable, id: string): Promise<string> {
  const { epoch, format } = formatAttributes;
  // An empty table gets a format, as by its first write.
  const isEmpty = (await tableFormat(table)) === undefined;
  const meta = await table.get(META_KEY);
  const before = meta && read(meta, epoch);
  const { kind } = await new Transaction(
    table.connection,
    table.context,
    formatWrites({
      kind: "update",
      key: META_KEY,
      changes: [set(epoch, id), ...(isEmpty ? [set(format, FORMAT)] : [])],
      when: [before === undefined ? absent(...epoch) : equals(epoch, before)],
    }),
  ).send();
  if (kind !== "done") throw new Busy();
  return id;
}
