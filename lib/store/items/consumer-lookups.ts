/** All look-up items of a consumer. */
import { type Consumer, isIdle } from "../../model/consumer.ts";
import type { Item } from "../table/item.ts";
import { allocationItem } from "./holder.ts";
import { idleItem } from "./idle-consumer.ts";
import { leaseItem } from "./leased-consumer.ts";
import { projectItem } from "./project-consumer.ts";

export function lookupItems(given: Consumer): Item[] {
  const held = [...given.allocations].map(([provider, amounts]) =>
    allocationItem(given, provider, amounts),
  );
  const lease = leaseItem(given);
  return [
    ...held,
    projectItem(given),
    ...(isIdle(given) ? [idleItem(given)] : []),
    ...(lease ? [lease] : []),
  ];
}
