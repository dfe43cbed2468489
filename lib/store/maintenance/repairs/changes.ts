/**
 * Repairs of what unfinished large changes left behind. A change is applied only if its
 * record says so.
 */
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

/** Finishes decided changes and aborts expired ones, as the sweep does. */
export async function finishLeft(store: MaintenanceStore): Promise<Repair> {
  await store.sweep(BATCH);
  return "repaired";
}

/**
 * Removes the item's write intent and keeps the before-image: nothing shows that the change
 * was committed.
 */
export async function removeIntent(store: MaintenanceStore, key: Key): Promise<Repair> {
  return store.change(async (): Promise<Plan<Repair>> => {
    const [item] = await store.stored.batchGet([key]);
    const intent = intentOf(item);
    if (intent === undefined) return { writes: [], result: "sound" };
    const { change } = intent;
    const write: Write = intent.placeholder
      ? { kind: "delete", key, when: [], intentOf: change }
      : { kind: "update", key, changes: [remove([INTENT])], when: [], intentOf: change };
    return { writes: [noRecord(change), guard(write, () => replan)], result: "repaired" };
  });
}

/** Removes a change without a record from the commit index: it has no write intents either. */
export async function forgetChange(
  store: MaintenanceStore,
  record: Key | undefined,
): Promise<Repair> {
  if (record === undefined) return "left";
  const change = changeOfRecord(record);
  return store.change(async (): Promise<Plan<Repair>> => {
    const [commitIndex] = await store.stored.batchGet([COMMIT_INDEX_KEY]);
    if (!commitIndexOf(commitIndex).has(change)) return { writes: [], result: "sound" };
    return {
      writes: [noRecord(change), guard(unindexing(change), () => replan)],
      result: "repaired",
    };
  });
}

/** Removes a page without a record: the items that it names are resolved. */
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
