/**
 * Consumers as records of their own: created before they hold anything, changed and fenced by
 * their generation, deleted while they are idle.
 */

import type { PlannedConsumer } from "../../model/claim.ts";
import { type Consumer, isIdle, NO_ALLOCATIONS } from "../../model/consumer.ts";
import type { ConsumerChanged } from "../../model/history/consumer-change.ts";
import { extended, requireLife, requireUnexpired } from "../../model/lease.ts";
import {
  ConsumerExists,
  ConsumerGenerationConflict,
  ConsumerHoldsAllocations,
  ConsumerNotFound,
} from "../../model/refusals/consumers.ts";
import type { Uuid } from "../../model/uuid.ts";
import { applied, type GuardedWrite, guard, refuse, replan } from "../changes/guarded-write.ts";
import { consumerItem, consumerOf } from "../items/consumer.ts";
import { hotKey } from "../items/hot.ts";
import type { Planner, Store } from "../store.ts";
import { absent } from "../table/expressions.ts";
import type { Key } from "../table/item.ts";
import { readConsumer } from "./change.ts";
import { stampOf } from "./stamp.ts";
import { consumerWrite, lookupWrites } from "./writes.ts";

export interface NewConsumer {
  readonly uuid: Uuid;
  readonly project: string;
  readonly user: string;
  readonly type: string | null;
  /** Milliseconds for which a lease begins; undefined: none. */
  readonly lease?: number | undefined;
}

/** What the client knows of a consumer. */
export interface KnownConsumer {
  readonly uuid: Uuid;
  readonly generation: number;
  /** Undefined: any. */
  readonly life?: string | undefined;
}

/** @throws ConsumerExists */
export function consumerCreation(
  store: Store,
  { lease, ...given }: NewConsumer,
): Planner<Consumer> {
  return async () => {
    const { writeId, now } = stampOf(store);
    const result: Consumer = {
      ...given,
      generation: 0,
      writeId,
      incarnation: writeId,
      allocations: NO_ALLOCATIONS,
      claimed: { at: now, place: 0 },
      created: now,
      updated: now,
      ...(lease !== undefined && { lease: extended(undefined, now + lease) }),
    };
    const own = guard({ kind: "put", item: consumerItem(result), when: [absent("pk")] }, (old) =>
      old !== undefined && consumerOf(old).writeId === writeId
        ? applied
        : refuse(new ConsumerExists(given.uuid)),
    );
    const writes = [own, ...lookupWrites(undefined, result)];
    return { writes, result, changed: recordChanged(undefined, result) };
  };
}

/** What a change sets; undefined keeps the stored value. */
export interface ConsumerChange {
  readonly project?: string | undefined;
  readonly user?: string | undefined;
  /** Null: none. */
  readonly type?: string | null | undefined;
}

/**
 * Changes a consumer; an empty `change` only raises its generation.
 * @throws ConsumerNotFound, OtherLife, ConsumerGenerationConflict, LeaseExpired
 */
export function consumerUpdate(
  store: Store,
  known: KnownConsumer,
  change: ConsumerChange,
): Planner<Consumer> {
  return async () => {
    const before = await requireConsumer(store, known);
    const { writeId, now } = stampOf(store);
    requireUnexpired(before, now);
    const result: Consumer = {
      ...before,
      project: change.project ?? before.project,
      user: change.user ?? before.user,
      type: change.type === undefined ? before.type : change.type,
      generation: before.generation + 1,
      writeId,
      updated: now,
    };
    const changed = recordChanged(before, result);
    const named = ownerProviders(before, result);
    return { writes: recordWrites(before, result), named, result, changed };
  };
}

/** @throws ConsumerNotFound, OtherLife, ConsumerGenerationConflict, ConsumerHoldsAllocations */
export function consumerDeletion(store: Store, known: KnownConsumer): Planner<void> {
  return async () => {
    const before = await requireConsumer(store, known);
    if (!isIdle(before)) throw new ConsumerHoldsAllocations(before.uuid);
    const changed = recordChanged(before, undefined);
    return { writes: recordWrites(before, undefined), result: undefined, changed };
  };
}

async function requireConsumer(
  store: Store,
  { uuid, generation, life }: KnownConsumer,
): Promise<Consumer> {
  const consumer = await readConsumer(store, uuid);
  if (consumer === undefined) throw new ConsumerNotFound(uuid);
  requireLife(uuid, consumer, life);
  if (consumer.generation !== generation) {
    throw new ConsumerGenerationConflict(consumer.generation, generation);
  }
  return consumer;
}

/** The providers of a consumer whose owner or type changes: none of them is written. */
function ownerProviders(before: Consumer, after: Consumer): Key[] {
  const stays =
    before.project === after.project && before.user === after.user && before.type === after.type;
  return stays ? [] : [...after.allocations.keys()].map(hotKey);
}

/** The consumer's own item and its look-up items; its providers are untouched. */
export function recordWrites(before: Consumer, after: Consumer | undefined): GuardedWrite[] {
  const request = { consumer: before.uuid, generation: before.generation };
  const planned: PlannedConsumer = { request, before, after, raisesEmptied: false };
  const own = consumerWrite(planned);
  // An absent consumer is not a generation conflict: planned again, it is not found.
  const verdict: GuardedWrite["verdict"] = (old) => (old === undefined ? replan : own.verdict(old));
  return [guard(own.write, verdict), ...lookupWrites(before, after)];
}

function recordChanged(
  before: Consumer | undefined,
  after: Consumer | undefined,
): ConsumerChanged[] {
  return [{ of: "consumer", about: "consumer", before, after }];
}
