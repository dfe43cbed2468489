/** Repairs of look-up items under projects and among the idle. */

import { isDeepStrictEqual } from "node:util";
import { type Consumer, isIdle } from "../../../model/consumer.ts";
import type { Uuid } from "../../../model/uuid.ts";
import { guard, replan } from "../../changes/guarded-write.ts";
import { consumerKey, consumerOf, isRebuilt } from "../../items/consumer.ts";
import { idleConsumerOf, idleItem } from "../../items/idle-consumer.ts";
import { leaseItem, listedLeaseOf } from "../../items/leased-consumer.ts";
import { projectConsumerOf, projectItem, projectOf } from "../../items/project-consumer.ts";
import type { Plan, Store } from "../../store.ts";
import { absent } from "../../table/expressions.ts";
import type { Item } from "../../table/item.ts";
import { asSeen, remake, remove, sameConsumer } from "./consumers.ts";
import type { Incomplete, Repair } from "./outcome.ts";

/**
 * Removes a project's item whose consumer is gone. A rebuilt consumer receives its owner from
 * the project's item.
 */
export async function repairProject(
  store: Store,
  item: Item,
  incomplete: Incomplete,
): Promise<Repair> {
  const { uuid, user, type } = projectConsumerOf(item);
  const project = projectOf(item);
  return store.change(async (): Promise<Plan<Repair>> => {
    const [now, stored] = await store.batchGet([item, consumerKey(uuid)]);
    if (now === undefined) return { writes: [], result: "sound" };
    if (stored === undefined)
      return { writes: [noConsumer(uuid), remove(now, asSeen(now))], result: "repaired" };
    const consumer = consumerOf(stored);
    if (isDeepStrictEqual(projectItem(consumer), now)) return { writes: [], result: "sound" };
    const unowned = consumer.project === incomplete.project && consumer.user === incomplete.user;
    const foreign = project !== consumer.project || user !== consumer.user;
    if (isRebuilt(stored) && unowned && foreign) {
      const writeId = store.random.uuid();
      return remake(consumer, { ...consumer, project, user, type, writeId });
    }
    const when = asSeen(now);
    const right = guard({ kind: "put", item: projectItem(consumer), when }, () => replan);
    return {
      writes: [sameConsumer(consumer), foreign ? remove(now, when) : right],
      result: "repaired",
    };
  });
}

/** Removes an item among the idle whose consumer is gone, or holds allocations. */
export async function repairIdle(store: Store, item: Item): Promise<Repair> {
  return repairListed(store, item, {
    uuid: idleConsumerOf(item).uuid,
    itemOf: (consumer) => (isIdle(consumer) ? idleItem(consumer) : undefined),
  });
}

/** Removes an item among the leases whose consumer is gone, or has no lease of that time. */
export async function repairLease(store: Store, item: Item): Promise<Repair> {
  return repairListed(store, item, { uuid: listedLeaseOf(item).consumer, itemOf: leaseItem });
}

/** Removes a look-up item, unless it is the one that its consumer has. */
async function repairListed(
  store: Store,
  item: Item,
  { uuid, itemOf }: { uuid: Uuid; itemOf: (consumer: Consumer) => Item | undefined },
): Promise<Repair> {
  return store.change(async (): Promise<Plan<Repair>> => {
    const [now, stored] = await store.batchGet([item, consumerKey(uuid)]);
    if (now === undefined) return { writes: [], result: "sound" };
    const consumer = stored && consumerOf(stored);
    if (consumer === undefined)
      return { writes: [noConsumer(uuid), remove(now, asSeen(now))], result: "repaired" };
    if (isDeepStrictEqual(itemOf(consumer), now)) return { writes: [], result: "sound" };
    return { writes: [sameConsumer(consumer), remove(now, asSeen(now))], result: "repaired" };
  });
}

function noConsumer(uuid: Uuid) {
  return guard({ kind: "check", key: consumerKey(uuid), when: [absent("pk")] }, () => replan);
}
