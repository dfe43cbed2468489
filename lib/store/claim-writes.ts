/** The guarded writes of a change of allocations. */

import { isDeepStrictEqual } from "node:util";
import type { ClassClaim, PlannedConsumer, ProviderChange } from "../model/claim.ts";
import { type Consumer, isIdle } from "../model/consumer.ts";
import { claimFault, measuresOf } from "../model/inventory.ts";
import type { ProviderState } from "../model/provider.ts";
import {
  AllocationProviderNotFound,
  ConsumerGenerationConflict,
  claimRefused,
} from "../model/refusals/consumers.ts";
import type { ClassId } from "../model/standard-classes.ts";
import { NO_UUID, type Uuid } from "../model/uuid.ts";
import { orderHint } from "./allocation-order.ts";
import {
  allocationItem,
  allocationsAttribute,
  consumer,
  consumerItem,
  consumerOf,
  idleItem,
  projectItem,
} from "./consumer-items.ts";
import {
  applied,
  type GuardedWrite,
  guard,
  RANK,
  refuse,
  replan,
  type Verdict,
} from "./guarded-write.ts";
import { keyText } from "./item.ts";
import { allocationKey, consumerKey, hotKey, idleKey } from "./keys.ts";
import { hot, stateOf } from "./provider-items.ts";
import { DamagedRecords } from "./refusals.ts";
import {
  absent,
  add,
  atLeast,
  atMost,
  type Change,
  type Clause,
  equals,
  exists,
  remove,
  set,
} from "./write.ts";

/** Step sizes other than 1, learned from refused tries: provider to class to step. */
export type KnownSteps = Map<Uuid, Map<ClassId, number>>;

/** The consumer's own item. */
export function consumerWrite({ request, before, after }: PlannedConsumer): GuardedWrite {
  const key = consumerKey(request.consumer);
  if (before === undefined) {
    const when = [absent("pk")];
    const verdict = (old: Parameters<GuardedWrite["verdict"]>[0]): Verdict => {
      if (old === undefined) return replan;
      const now = consumerOf(old);
      if (after !== undefined && now.operation === after.operation) return applied;
      if (request.generation === undefined) return replan;
      return conflict(now.generation, request.generation);
    };
    return after === undefined
      ? guard({ kind: "check", key, when }, verdict)
      : guard({ kind: "put", item: consumerItem(after), when }, verdict);
  }
  const when = [equals(consumer.operation, before.operation)];
  const verdict = (old: Parameters<GuardedWrite["verdict"]>[0]): Verdict => {
    const now = old && consumerOf(old);
    if (now !== undefined && now.operation === after?.operation) return applied;
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

/** What a change of a consumer sets; attributes that it does not know stay. */
export function consumerChanges(after: Consumer): Change[] {
  const order = orderHint(after);
  return [
    set(consumer.generation, after.generation),
    set(consumer.operation, after.operation),
    set(consumer.project, after.project),
    set(consumer.user, after.user),
    set(consumer.type, after.type),
    set(consumer.allocations, allocationsAttribute(after)),
    order === undefined ? remove(consumer.order) : set(consumer.order, order),
    set(consumer.updated, after.updated),
  ];
}

/** Where the consumer is looked up: under its providers, its project, and among the idle. */
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
  writes.push(...projectWrites(before, after));
  const wasIdle = before !== undefined && isIdle(before);
  const nowIdle = after !== undefined && isIdle(after);
  if (wasIdle && !nowIdle) {
    writes.push(follow({ kind: "delete", key: idleKey(uuid, before.created), when: [] }));
  }
  if (nowIdle && !wasIdle) writes.push(follow({ kind: "put", item: idleItem(after), when: [] }));
  return writes;
}

/** The project's item: left alone where nothing in it changes. */
function projectWrites(before: Consumer | undefined, after: Consumer | undefined): GuardedWrite[] {
  const old = before && projectItem(before);
  const wanted = after && projectItem(after);
  if (isDeepStrictEqual(old, wanted)) return [];
  const writes: GuardedWrite[] = [];
  if (old !== undefined && (wanted === undefined || keyText(old) !== keyText(wanted))) {
    writes.push(follow({ kind: "delete", key: { pk: old.pk, sk: old.sk }, when: [] }));
  }
  if (wanted !== undefined) writes.push(follow({ kind: "put", item: wanted, when: [] }));
  return writes;
}

/** An item that follows its consumer: its only condition is that nothing marks it. */
function follow(write: GuardedWrite["write"]): GuardedWrite {
  return guard(write, () => replan);
}

/** The provider's use, free capacity and, if it is named, generation. */
export function providerWrite(
  change: ProviderChange,
  context: { steps: KnownSteps; nameOf: (id: ClassId) => string; now: number },
): GuardedWrite {
  const changes: Change[] = [add(hot.revision, 1), set(hot.updated, context.now)];
  const when: Clause[] = [exists(...hot.generation)];
  if (change.raisesGeneration) changes.push(add(hot.generation, 1));
  if (change.consumers !== 0) changes.push(add(hot.consumers, change.consumers));
  for (const [id, { difference, claims }] of change.classes) {
    if (difference !== 0)
      changes.push(add(hot.used(id), difference), add(hot.free(id), -difference));
    // The others imply it: an expression has room for so many operators only.
    if (difference === 0 && claims.length === 0) when.push(exists(...hot.free(id)));
    if (difference > 0) when.push(atLeast(hot.free(id), difference));
    if (difference < 0) when.push(atLeast(hot.used(id), -difference));
    when.push(...unitClauses(id, claims, context.steps.get(change.provider)?.get(id) ?? 1));
  }
  return guard({ kind: "update", key: hotKey(change.provider), changes, when }, (old) => {
    if (old === undefined) return unknownProvider(change);
    return providerVerdict(change, stateOf(old), context);
  });
}

/** What `measuresOf` says of each claim, for all of them at once. */
function unitClauses(id: ClassId, claims: readonly ClassClaim[], step: number): Clause[] {
  const amounts = (measure: "units" | "maxUnit") =>
    claims.filter((claim) => measuresOf(claim)[measure]).map(({ amount }) => amount);
  const [changed, raised] = [amounts("units"), amounts("maxUnit")];
  return [
    ...(raised.length > 0 ? [atLeast(hot.maxUnit(id), Math.max(...raised))] : []),
    ...(changed.length > 0 ? [atMost(hot.minUnit(id), Math.min(...changed))] : []),
    ...(changed.length > 0 ? [equals(hot.stepSize(id), step)] : []),
  ];
}

function unknownProvider(change: ProviderChange): Verdict {
  const orders = [...change.classes.values()].flatMap(({ claims }) => claims.map((c) => c.order));
  const { provider } = change;
  if (orders.length === 0) return refuse(new DamagedRecords(`no provider ${provider}`));
  return refuse(
    new AllocationProviderNotFound(provider),
    RANK.unknownProvider,
    Math.min(...orders),
  );
}

function providerVerdict(
  change: ProviderChange,
  now: ProviderState,
  { steps, nameOf }: { steps: KnownSteps; nameOf: (id: ClassId) => string },
): Verdict {
  const faults: { order: number; verdict: Verdict }[] = [];
  for (const [id, { difference, claims }] of change.classes) {
    const inventory = now.inventories.get(id);
    for (const claim of claims) {
      const fault = claimFault(inventory, claim, difference);
      if (fault === undefined) continue;
      const refusal = claimRefused(fault, nameOf(id), change.provider);
      faults.push({ order: claim.order, verdict: refuse(refusal, RANK.rule, claim.order) });
    }
    if (difference < 0 && (inventory?.used ?? 0) < -difference) {
      const what = `use of ${nameOf(id)} on provider ${change.provider}`;
      faults.push({ order: Number.MAX_SAFE_INTEGER, verdict: refuse(new DamagedRecords(what)) });
    }
  }
  faults.sort((a, b) => a.order - b.order);
  const first = faults[0];
  if (first !== undefined) return first.verdict;
  steps.set(
    change.provider,
    new Map([...change.classes.keys()].map((id) => [id, now.inventories.get(id)?.stepSize ?? 1])),
  );
  return replan;
}
