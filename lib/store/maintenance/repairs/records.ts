/** The repairs of consumers, their look-up items and the use of providers, by the kind of item. */
import { HOT, providerIn } from "../../items/keys.ts";
import type { MaintenanceStore } from "../../maintenance-store.ts";
import type { Item } from "../../table/item.ts";
import { kindOf } from "../kind.ts";
import { repairAllocation, repairConsumer } from "./consumers.ts";
import { repairIdle, repairProject } from "./lookups.ts";
import type { Incomplete, Repair } from "./outcome.ts";
import { repairUse } from "./use.ts";

/** Reads what belongs to `item` again, and writes only if that is as it was read. */
export async function repairRecord(
  store: MaintenanceStore,
  item: Item,
  incomplete: Incomplete,
): Promise<Repair> {
  switch (kindOf(item)) {
    case "CONSUMER":
      return repairConsumer(store, item);
    case "ALLOCATIONS":
      return repairAllocation(store, item, incomplete);
    case "PROJECT":
      return repairProject(store, item, incomplete);
    case "IDLE":
      return repairIdle(store, item);
    case "SHARD":
      return item.sk.startsWith(HOT) ? repairUse(store, providerIn(item.sk)) : "sound";
    default:
      return "sound";
  }
}
