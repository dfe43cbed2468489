/** The guarded writes of a consumer: its own item and its look-up items. */
import { isDeepStrictEqual } from "node:util";
import type { PlannedConsumer } from "../../model/claim.ts";
import { type Consumer, isIdle } from "../../model/consumer.ts";
import { ConsumerGenerationConflict } from "../../model/refusals/consumers.ts";
import { NO_UUID } from "../../model/uuid.ts";
import {
  applied,
  type GuardedWrite,
  guard,
  RANK,
  refuse,
  replan,
  type Verdict,
} from "../changes/guarded-write.ts";
import { orderHint } from "../items/allocation-order.ts";
import {
  allocationsAttribute,
  consumer,
  consumerItem,
  consumerKey,
  consumerOf,
} from "../items/consumer.ts";
import { allocationItem, allocationKey } from "../items/holder.ts";
import { idleItem, idleKey } from "../items/idle-consumer.ts";
import { leaseItem } from "../items/leased-consumer.ts";
import { projectItem } from "../items/project-consumer.ts";
import {
  absent,
  type Change,
  type Clause,
  equals,
  exists,
  remove,
  set,
} from "../table/expressions.ts";
import { type Item, keyText } from "../table/item.ts";
import { DamagedRecords } from "../table/refusals.ts";

/** The consumer's own item. */
export function consumerWrite({ request, before, after }: PlannedConsumer): GuardedWrite {
  const key = consumerKey(request.consumer);
  if (before === undefined) {
    const when = [absent("pk")];
    const verdict = (old: Parameters<GuardedWrite["verdict"]>[0]): Verdict => {
      if (old === undefined) return replan;
      const now = consumerOf(old);
      if (after !== undefined && now.writeId === after.writeId) return applied;
      if (request.generation === undefined) return replan;
      return conflict(now.generation, request.generation);
    };
    return after === undefined
      ? guard({ kind: "check", key, when }, verdict)
      : guard({ kind: "put", item: consumerItem(after), when }, verdict);
  }
  const when = sameAs(before);
  const verdict = (old: Parameters<GuardedWrite["verdict"]>[0]): Verdict => {
    const now = old && consumerOf(old);
    if (now !== undefined && now.writeId === after?.writeId) return applied;
    const actual = now?.generation ?? null;
    if (request.generation === undefined || request.generation === actual) return replan;
    return conflict(actual, request.generation);
  };
  return after === undefined
    ? guard({ kind: "delete", key, when }, verdict)
    : guard({ kind: "update", key, changes: consumerChanges(after), when }, verdict);
}

function conflict(expected: number | null, got: number | null): Verdict {
  return refuse(new ConsumerGenerationConflict(expected, got), RANK.generation);
}

/** Clauses that hold while the consumer is as it was read. */
export function sameAs(before: Consumer): Clause[] {
  return [equals(consumer.writeId, before.writeId), ...sameLease(before)];
}

/**
 * Clauses that hold while the lease is as it was read: a renewal changes it and not the operation
 * id. The write that begins the first lease of a life changes the operation id, too.
 */
export function sameLease({ lease }: Pick<Consumer, "lease">): Clause[] {
  if (lease === undefined) return [];
  const { version, term } = lease;
  return [
    equals(consumer.leaseVersion, version),
    ...(term === undefined ? [] : [equals(consumer.leaseListed, term.listed)]),
  ];
}

/** What sets the lease; a consumer that never had one is written as ever. */
export function leaseChanges({ lease }: Pick<Consumer, "lease">): Change[] {
  if (lease === undefined) return [];
  const { version, term } = lease;
  return [
    set(consumer.leaseVersion, version),
    ...(term === undefined
      ? [remove(consumer.leaseExpires), remove(consumer.leaseListed)]
      : [set(consumer.leaseExpires, term.expires), set(consumer.leaseListed, term.listed)]),
  ];
}

/** What a change of a consumer sets; attributes that this release does not know stay. */
export function consumerChanges(after: Consumer): Change[] {
  const order = orderHint(after);
  return [
    set(consumer.generation, after.generation),
    set(consumer.writeId, after.writeId),
    set(consumer.project, after.project),
    set(consumer.user, after.user),
    set(consumer.type, after.type),
    set(consumer.allocations, allocationsAttribute(after)),
    order === undefined ? remove(consumer.order) : set(consumer.order, order),
    set(consumer.updated, after.updated),
    ...leaseChanges(after),
  ];
}

/** Look-up items of the consumer: under its providers, its project, among the idle and the leases. */
export function lookupWrites(
  before: Consumer | undefined,
  after: Consumer | undefined,
): GuardedWrite[] {
  const writes: GuardedWrite[] = [];
  const uuid = (after ?? before)?.uuid ?? NO_UUID;
  for (const [provider, amounts] of after?.allocations ?? []) {
    const item = allocationItem(after as Consumer, provider, amounts);
    writes.push(follow({ kind: "put", item, when: [] }));
  }
  for (const provider of before?.allocations.keys() ?? []) {
    if (after?.allocations.has(provider)) continue;
    const what = `no look-up item of consumer ${uuid} under provider ${provider}`;
    const write = {
      kind: "delete",
      key: allocationKey(provider, uuid),
      when: [exists("pk")],
    } as const;
    writes.push(guard(write, () => refuse(new DamagedRecords(what))));
  }
  writes.push(...movedWrites(before && projectItem(before), after && projectItem(after)));
  writes.push(...leaseLookupWrites(before, after));
  const wasIdle = before !== undefined && isIdle(before);
  const nowIdle = after !== undefined && isIdle(after);
  if (wasIdle && !nowIdle) {
    writes.push(follow({ kind: "delete", key: idleKey(uuid, before.created), when: [] }));
  }
  if (nowIdle && !wasIdle) writes.push(follow({ kind: "put", item: idleItem(after), when: [] }));
  return writes;
}

/** The look-up item among the leases. */
export function leaseLookupWrites(
  before: Consumer | undefined,
  after: Consumer | undefined,
): GuardedWrite[] {
  return movedWrites(before && leaseItem(before), after && leaseItem(after));
}

/** A look-up item whose key may change: not written if nothing in it changes. */
function movedWrites(old: Item | undefined, wanted: Item | undefined): GuardedWrite[] {
  if (isDeepStrictEqual(old, wanted)) return [];
  const writes: GuardedWrite[] = [];
  if (old !== undefined && (wanted === undefined || keyText(old) !== keyText(wanted))) {
    writes.push(follow({ kind: "delete", key: { pk: old.pk, sk: old.sk }, when: [] }));
  }
  if (wanted !== undefined) writes.push(follow({ kind: "put", item: wanted, when: [] }));
  return writes;
}

/** The write of a look-up item: its only condition is that the item has no write intent. */
function follow(write: GuardedWrite["write"]): GuardedWrite {
  return guard(write, () => replan);
}
