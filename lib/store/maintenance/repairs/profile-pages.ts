/** Removes a page of profiles: until the next is written, the profiles themselves are read. */
import type { MaintenanceStore } from "../../maintenance-store.ts";
import type { Key } from "../../table/item.ts";
import type { Repair } from "./outcome.ts";

export async function removeProfilePage(store: MaintenanceStore, key: Key): Promise<Repair> {
  const removed = await store.writeAlone({ kind: "delete", key, when: [] });
  return removed ? "repaired" : "left";
}
