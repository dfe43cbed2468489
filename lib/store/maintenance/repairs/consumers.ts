/** Repairs of consumers and their look-up items. The consumer's item is authoritative. */

import { isDeepStrictEqual } from "node:util";
import type { Consumer } from "../../../model/consumer.ts";
import type { Uuid } from "../../../model/uuid.ts";
import { type GuardedWrite, guard, replan } from "../../changes/guarded-write.ts";
import { readConsumer } from "../../consumers/change.ts";
import { sameAs } from "../../consumers/writes.ts";
import { read } from "../../items/attributes.ts";
import { consumerItem, consumerKey, consumerOf, isRebuilt } from "../../items/consumer.ts";
import { lookupItems } from "../../items/consumer-lookups.ts";
import { allocationItem, heldAllocationOf, holder, providerHeld } from "../../items/holder.ts";
import { projectItem } from "../../items/project-consumer.ts";
import type { Plan, Store } from "../../store.ts";
import { absent, type Clause, equals, exists } from "../../table/expressions.ts";
import { type Item, keyText } from "../../table/item.ts";
import type { Incomplete, Repair } from "./outcome.ts";

/** Writes the consumer's look-up items that are missing or differ from it. */
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
 * Checks one look-up item under a provider. If its consumer is missing, the consumer is
 * rebuilt from the item and others of its generation.
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
 * A consumer that is rebuilt or extended from its look-up items.
 * @param evidence the look-up item that it is rebuilt from, which must still exist: otherwise
 *   a release between two reads would be undone
 */
export function remake(
  before: Consumer | undefined,
  after: Consumer,
  evidence?: Item,
): Plan<Repair> {
  const item = consumerItem(after, true);
  const when = before === undefined ? [absent("pk")] : sameAs(before);
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
    changed: [{ of: "consumer", about: "consumer", before, after }],
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
 * Clauses that hold while an item is as it was read. DynamoDB makes the items of a
 * transaction visible one after the other: an item that seems broken may be half of a running
 * transaction.
 */
export function asSeen(item: Item | undefined): Clause[] {
  if (item === undefined) return [absent("pk")];
  const { pk: _, sk: __, ...attributes } = item;
  const same = Object.entries(attributes).map(([name, value]) => equals([name], value));
  return [exists("pk"), ...same];
}

/**
 * Holds while the consumer is as it was read: a change of the consumer writes its look-up
 * items itself.
 */
export function sameConsumer(consumer: Consumer): GuardedWrite {
  return guard(
    { kind: "check", key: consumerKey(consumer.uuid), when: sameAs(consumer) },
    () => replan,
  );
}
