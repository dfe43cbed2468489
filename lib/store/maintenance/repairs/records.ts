/** Repairs of consumers, their look-up items and the use of providers, by the kind of item. */
import { kindOf } from "../../items/kinds.ts";
import { providerOf } from "../../items/shard.ts";
import type { MaintenanceStore } from "../../maintenance-store.ts";
import type { Item } from "../../table/item.ts";
import { repairAllocation, repairConsumer } from "./consumers.ts";
import { repairIdle, repairLease, repairProject } from "./lookups.ts";
import type { Incomplete, Repair } from "./outcome.ts";
import { repairUse } from "./use.ts";

/** Reads the items that belong to `item` again, and writes only if they are as they were read. */
export async function repairRecord(
  store: MaintenanceStore,
  item: Item,
  incomplete: Incomplete,
): Promise<Repair> {
  switch (kindOf(item)) {
    case "consumer":
      return repairConsumer(store, item);
    case "holder":
      return repairAllocation(store, item, incomplete);
    case "project-consumer":
      return repairProject(store, item, incomplete);
    case "idle-consumer":
      return repairIdle(store, item);
    case "leased-consumer":
      return repairLease(store, item);
    case "hot":
      return repairUse(store, providerOf(item));
    default:
      return "sound";
  }
}
