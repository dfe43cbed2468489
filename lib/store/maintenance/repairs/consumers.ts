/** Repairs between consumers and what is held on providers. The consumer's item is the truth. */

import { isDeepStrictEqual } from "node:util";
import type { Consumer } from "../../../model/consumer.ts";
import type { Uuid } from "../../../model/uuid.ts";
import { type GuardedWrite, guard, replan } from "../../changes/guarded-write.ts";
import { readConsumer } from "../../consumers/change.ts";
import { read } from "../../items/attributes.ts";
import {
  consumer as attributes,
  consumerItem,
  consumerKey,
  consumerOf,
  isRebuilt,
} from "../../items/consumer.ts";
import { lookupItems } from "../../items/consumer-lookups.ts";
import { allocationItem, heldAllocationOf, holder, providerHeld } from "../../items/holder.ts";
import { projectItem } from "../../items/project-consumer.ts";
import type { Plan, Store } from "../../store.ts";
import { absent, type Clause, equals, exists } from "../../table/expressions.ts";
import { type Item, keyText } from "../../table/item.ts";
import type { Incomplete, Repair } from "./outcome.ts";

/** Puts the look-up items that a consumer lacks, or that differ from it. */
export async function repairConsumer(store: Store, item: Item): Promise<Repair> {
  return store.change(async (): Promise<Plan<Repair>> => {
    const consumer = await readConsumer(store, consumerOf(item).uuid);
    if (consumer === undefined) return { writes: [], result: "sound" };
    const wanted = lookupItems(consumer);
    const found = await store.batchGet(wanted);
    const puts = wanted.flatMap((lookup, index) =>
      isDeepStrictEqual(lookup, found[index]) ? [] : put(lookup, asSeen(found[index])),
    );
    if (puts.length === 0) return { writes: [], result: "sound" };
    return { writes: [sameConsumer(consumer), ...puts], result: "repaired" };
  });
}

/**
 * Checks one look-up item under a provider. Without its consumer it is what is
 * left of it: the consumer is made from it, and from others of its generation.
 */
export async function repairAllocation(
  store: Store,
  item: Item,
  incomplete: Incomplete,
): Promise<Repair> {
  const uuid = heldAllocationOf(item).consumer;
  const provider = providerHeld(item);
  return store.change(async (): Promise<Plan<Repair>> => {
    const [now, stored] = await store.batchGet([item, consumerKey(uuid)]);
    if (now === undefined) return { writes: [], result: "sound" };
    const held = heldAllocationOf(now);
    if (stored === undefined) {
      const made = {
        ...fromLookup(store, uuid, incomplete),
        claimed: held.claimed,
        allocations: new Map([[provider, held.amounts]]),
      };
      return remake(undefined, { ...made, generation: held.consumerGeneration }, now);
    }
    const consumer = consumerOf(stored);
    const amounts = consumer.allocations.get(provider);
    if (amounts !== undefined) {
      const right = allocationItem(consumer, provider, amounts);
      if (isDeepStrictEqual(right, now)) return { writes: [], result: "sound" };
      return { writes: [sameConsumer(consumer), put(right, asSeen(now))], result: "repaired" };
    }
    if (isRebuilt(stored) && consumer.generation === held.consumerGeneration) {
      const allocations = new Map([...consumer.allocations, [provider, held.amounts]]);
      return remake(consumer, { ...consumer, allocations, writeId: store.random.uuid() }, now);
    }
    return { writes: [sameConsumer(consumer), remove(now, asSeen(now))], result: "repaired" };
  });
}

function fromLookup(store: Store, uuid: Uuid, { project, user }: Incomplete) {
  const writeId = store.random.uuid();
  const now = store.clock.now();
  return {
    uuid,
    writeId,
    incarnation: writeId,
    project,
    user,
    type: null,
    created: now,
    updated: now,
  };
}

/**
 * A consumer that is made, or made larger, from its look-ups.
 * @param evidence the look-up item that it is made from, which must still be there: a release
 *   between two reads would otherwise be undone
 */
export function remake(
  before: Consumer | undefined,
  after: Consumer,
  evidence?: Item,
): Plan<Repair> {
  const item = consumerItem(after, true);
  const when = before === undefined ? [absent("pk")] : [equals(attributes.writeId, before.writeId)];
  const old = before && projectItem(before);
  const moved = old !== undefined && keyText(old) !== keyText(projectItem(after));
  return {
    writes: [
      guard({ kind: "put", item, when }, () => replan),
      ...lookupItems(after).map((lookup) =>
        put(
          lookup,
          evidence !== undefined && keyText(evidence) === keyText(lookup) ? unmoved(evidence) : [],
        ),
      ),
      ...(moved ? [remove(old)] : []),
    ],
    result: "repaired",
  };
}

function put(item: Item, when: readonly Clause[] = []): GuardedWrite {
  return guard({ kind: "put", item, when }, () => replan);
}

function unmoved(lookup: Item): Clause[] {
  return [equals(holder.generation, read(lookup, holder.generation))];
}

export function remove(item: Item, when: readonly Clause[] = []): GuardedWrite {
  return guard({ kind: "delete", key: { pk: item.pk, sk: item.sk }, when }, () => replan);
}

/**
 * That an item is as it was read. DynamoDB makes the items of a transaction
 * visible one after the other: what seems broken may only be on its way.
 */
export function asSeen(item: Item | undefined): Clause[] {
  if (item === undefined) return [absent("pk")];
  const { pk: _, sk: __, ...attributes } = item;
  const same = Object.entries(attributes).map(([name, value]) => equals([name], value));
  return [exists("pk"), ...same];
}

/** The consumer is as it was read: a change of its own writes its look-ups itself. */
export function sameConsumer(consumer: Consumer): GuardedWrite {
  return guard(
    {
      kind: "check",
      key: consumerKey(consumer.uuid),
      when: [equals(attributes.writeId, consumer.writeId)],
    },
    () => replan,
  );
}
