/**
 * The effect of a change of allocations: the consumers before and after, and the difference
 * for each provider. Pure: it reads and writes nothing.
 *
 * Source: Placement API reference, "Allocations"; docs/consumers.md.
 */
import { type Allocations, type Consumer, NO_ALLOCATIONS } from "./consumer.ts";
import type { Amounts, ClaimedAmount } from "./inventory.ts";
import { extended, requireLife, requireUnexpired } from "./lease.ts";
import { ConsumerGenerationConflict, type MaybeGeneration } from "./refusals/consumers.ts";
import type { ClassId } from "./standard-classes.ts";
import type { Uuid } from "./uuid.ts";

/**
 * All that a consumer is to hold from now on; a request without allocations deletes the
 * consumer.
 */
export interface ClaimRequest {
  readonly consumer: Uuid;
  /** The client's; undefined before 1.28, when none was named. */
  readonly generation: MaybeGeneration | undefined;
  readonly project: string;
  readonly user: string;
  /** Undefined keeps what the consumer has; null: none. */
  readonly type: string | null | undefined;
  readonly allocations: Allocations;
  /** Milliseconds for which a lease begins; undefined: the lease stays as it is, if there is one. */
  readonly lease?: number | undefined;
  /** The life that the consumer has to be living; undefined: any. */
  readonly life?: string | undefined;
}

export interface PlannedConsumer {
  readonly request: Pick<ClaimRequest, "consumer" | "generation">;
  readonly before: Consumer | undefined;
  /** Undefined: the consumer is deleted. */
  readonly after: Consumer | undefined;
  /** Emptying by a PUT or POST raises the generations of the providers, DELETE does not. */
  readonly raisesEmptied: boolean;
}

/** The write stamp: what one write sets in all of its consumers. */
export interface WriteStamp {
  readonly writeId: string;
  readonly now: number;
}

/**
 * @param place of the consumer in the request
 * @throws ConsumerGenerationConflict, OtherLife, LeaseExpired
 */
export function planConsumer(
  request: ClaimRequest,
  before: Consumer | undefined,
  stamp: WriteStamp,
  place: number,
): PlannedConsumer {
  const actual = before?.generation ?? null;
  if (request.generation !== undefined && request.generation !== actual) {
    throw new ConsumerGenerationConflict(actual, request.generation);
  }
  requireLife(request.consumer, before, request.life);
  const planned = { request, before, raisesEmptied: true };
  if (request.allocations.size === 0) return { ...planned, after: undefined };
  if (before !== undefined) requireUnexpired(before, stamp.now);
  const lease =
    request.lease === undefined
      ? before?.lease
      : extended(before?.lease, stamp.now + request.lease);
  const after: Consumer = {
    uuid: request.consumer,
    generation: (before?.generation ?? 0) + 1,
    writeId: stamp.writeId,
    incarnation: before?.incarnation ?? stamp.writeId,
    project: request.project,
    user: request.user,
    type: request.type === undefined ? (before?.type ?? null) : request.type,
    allocations: request.allocations,
    claimed: { at: stamp.now, place },
    created: before?.created ?? stamp.now,
    updated: stamp.now,
    lease,
  };
  return { ...planned, after };
}

export interface PlannedRelease extends PlannedConsumer {
  readonly before: Consumer;
}

/**
 * The consumer without its allocations on `provider`; deleted if it has no others, as by a DELETE of its allocations.
 * @param place of the consumer in the request
 */
export function planRelease(
  before: Consumer,
  provider: Uuid,
  stamp: WriteStamp,
  place: number,
): PlannedRelease {
  const request = { consumer: before.uuid, generation: undefined };
  const planned = { request, before, raisesEmptied: false };
  const allocations = new Map(before.allocations);
  allocations.delete(provider);
  if (allocations.size === 0) return { ...planned, after: undefined };
  const after: Consumer = {
    ...before,
    generation: before.generation + 1,
    writeId: stamp.writeId,
    allocations,
    claimed: { at: stamp.now, place },
    updated: stamp.now,
  };
  return { ...planned, after };
}

/** One consumer's claim of a class, and its place in the request. */
export interface ClassClaim extends ClaimedAmount {
  readonly order: number;
}

export interface ClassChange {
  /** The change of the use; negative if it falls. */
  readonly difference: number;
  /** Claims that the request names; none if it only releases. */
  readonly claims: readonly ClassClaim[];
}

/** The change of one provider by all consumers of a request together. */
export interface ProviderChange {
  readonly provider: Uuid;
  readonly raisesGeneration: boolean;
  /** The change of the number of its consumers. */
  readonly consumers: number;
  readonly classes: ReadonlyMap<ClassId, ClassChange>;
}

/** One change for each provider that is named or released, in request order. */
export function providerChanges(planned: readonly PlannedConsumer[]): ProviderChange[] {
  const changes = new Map<Uuid, ProviderChange>();
  let order = 0;
  for (const { before, after, raisesEmptied } of planned) {
    const old = before?.allocations ?? NO_ALLOCATIONS;
    const wanted = after?.allocations ?? NO_ALLOCATIONS;
    for (const provider of new Set([...wanted.keys(), ...old.keys()])) {
      const from = old.get(provider);
      const to = wanted.get(provider);
      const known = changes.get(provider);
      const classes = new Map(known?.classes);
      for (const [id, change] of classChanges(from, to, order)) {
        classes.set(id, merged(classes.get(id), change));
      }
      order += to?.size ?? 0;
      const emptied = after === undefined && raisesEmptied;
      changes.set(provider, {
        provider,
        raisesGeneration: known?.raisesGeneration || to !== undefined || emptied,
        consumers:
          (known?.consumers ?? 0) + (to === undefined ? 0 : 1) - (from === undefined ? 0 : 1),
        classes,
      });
    }
  }
  return [...changes.values()];
}

function classChanges(
  from: Amounts | undefined,
  to: Amounts | undefined,
  firstOrder: number,
): Map<ClassId, ClassChange> {
  const changes = new Map<ClassId, ClassChange>();
  let order = firstOrder;
  for (const [id, amount] of to ?? []) {
    const before = from?.get(id) ?? 0;
    changes.set(id, { difference: amount - before, claims: [{ amount, before, order }] });
    order += 1;
  }
  for (const [id, amount] of from ?? []) {
    if (!changes.has(id)) changes.set(id, { difference: -amount, claims: [] });
  }
  return changes;
}

function merged(known: ClassChange | undefined, more: ClassChange): ClassChange {
  if (known === undefined) return more;
  return {
    difference: known.difference + more.difference,
    claims: [...known.claims, ...more.claims],
  };
}
