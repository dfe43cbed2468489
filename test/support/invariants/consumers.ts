/** A consumer is found wherever it is looked up, as it is, and nowhere else. */
import { isDeepStrictEqual } from "node:util";
import { type Consumer, isIdle } from "../../../lib/model/consumer.ts";
import { allocationItem, idleItem, projectItem } from "../../../lib/store/consumer-items.ts";
import type { Item } from "../../../lib/store/item.ts";
import { type Stored, textOf } from "./stored.ts";

export function brokenConsumers({ consumers, items, ofKind }: Stored): string[] {
  const wanted = new Map<string, Item>();
  for (const consumer of consumers.values()) {
    for (const item of lookupsOf(consumer)) wanted.set(textOf(item), item);
  }
  const missing = [...wanted].flatMap(([key, item]) => {
    const found = items.get(key);
    if (found === undefined) return [`${key} is missing`];
    if (isDeepStrictEqual(found, item)) return [];
    return [`${key} is ${JSON.stringify(found)}, not ${JSON.stringify(item)}`];
  });
  const orphaned = ["ALLOCATIONS", "PROJECT", "IDLE"]
    .flatMap(ofKind)
    .map(textOf)
    .filter((key) => !wanted.has(key))
    .map((key) => `${key} belongs to no consumer`);
  return [...missing, ...orphaned, ...[...consumers.values()].flatMap(brokenAmounts)];
}

function lookupsOf(consumer: Consumer): Item[] {
  const held = [...consumer.allocations].map(([provider, amounts]) =>
    allocationItem(consumer, provider, amounts),
  );
  return [...held, projectItem(consumer), ...(isIdle(consumer) ? [idleItem(consumer)] : [])];
}

function brokenAmounts({ uuid, generation, allocations }: Consumer): string[] {
  const amounts = [...allocations.values()].flatMap((each) => [...each.values()]);
  const empty = [...allocations.values()].some((each) => each.size === 0);
  const broken: string[] = [];
  if (empty || amounts.some((amount) => !(amount > 0))) {
    broken.push(`consumer ${uuid} holds nothing of something`);
  }
  if (!Number.isSafeInteger(generation) || generation < 0) {
    broken.push(`consumer ${uuid} has generation ${generation}`);
  }
  return broken;
}
