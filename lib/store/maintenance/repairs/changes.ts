/** What unfinished large changes left behind. A change is made only where its record says so. */
import { guard, replan } from "../../changes/guarded-write.ts";
import { changeOfRecord, recordKey } from "../../items/change-record.ts";
import { COMMIT_INDEX_KEY, commitIndexOf } from "../../items/commit-index.ts";
import { intentOf } from "../../items/write-intent.ts";
import { unindexing } from "../../large-changes/commit-index.ts";
import { changeOf } from "../../large-changes/records.ts";
import type { MaintenanceStore } from "../../maintenance-store.ts";
import type { Plan } from "../../store.ts";
import { absent, INTENT, remove, type Write } from "../../table/expressions.ts";
import type { Key } from "../../table/item.ts";
import type { Repair } from "./outcome.ts";

/** Records finished at a time. */
const BATCH = 50;

/** Finishes what is decided and undoes what is not, as the sweep does. */
export async function finishLeft(store: MaintenanceStore): Promise<Repair> {
  await store.sweep(BATCH);
  return "repaired";
}

/** The item without its mark, as it was before: nothing says that its change was made. */
export async function unmark(store: MaintenanceStore, key: Key): Promise<Repair> {
  return store.change(async (): Promise<Plan<Repair>> => {
    const [item] = await store.stored.batchGet([key]);
    const mark = intentOf(item);
    if (mark === undefined) return { writes: [], result: "sound" };
    const { change } = mark;
    const write: Write = mark.placeholder
      ? { kind: "delete", key, when: [], intentOf: change }
      : { kind: "update", key, changes: [remove([INTENT])], when: [], intentOf: change };
    return { writes: [noRecord(change), guard(write, () => replan)], result: "repaired" };
  });
}

/** What has no record has no marks either, so that nobody asks the gate about it. */
export async function forgetChange(
  store: MaintenanceStore,
  record: Key | undefined,
): Promise<Repair> {
  if (record === undefined) return "left";
  const change = changeOfRecord(record);
  return store.change(async (): Promise<Plan<Repair>> => {
    const [gate] = await store.stored.batchGet([COMMIT_INDEX_KEY]);
    if (!commitIndexOf(gate).has(change)) return { writes: [], result: "sound" };
    return {
      writes: [noRecord(change), guard(unindexing(change), () => replan)],
      result: "repaired",
    };
  });
}

/** A page whose record is gone names items that are settled. */
export async function removePage(store: MaintenanceStore, key: Key): Promise<Repair> {
  return store.change(async (): Promise<Plan<Repair>> => {
    const [page] = await store.stored.batchGet([key]);
    const change = page && changeOf(page);
    if (change === undefined) return { writes: [], result: "sound" };
    const gone = guard({ kind: "delete", key, when: [] }, () => replan);
    return { writes: [noRecord(change), gone], result: "repaired" };
  });
}

function noRecord(change: string) {
  return guard({ kind: "check", key: recordKey(change), when: [absent("pk")] }, () => replan);
}
