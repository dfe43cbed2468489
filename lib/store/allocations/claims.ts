/**
 * Claims: setting, moving and releasing what consumers hold. Each is one
 * transaction over the consumers, the providers' use and the look-up items.
 *
 * A claim does not compare the provider's generation. It is conditional on free
 * capacity, so that claims on one provider do not invalidate each other.
 */
import {
  type ClaimRequest,
  type PlannedConsumer,
  planConsumer,
  providerChanges,
  type WriteStamp,
} from "../../model/claim.ts";
import { type Consumer, isIdle } from "../../model/consumer.ts";
import { allocationsChanged } from "../../model/history/consumer-change.ts";
import { clampAmount } from "../../model/inventory.ts";
import { requireLife } from "../../model/lease.ts";
import {
  AllocationClassNotFound,
  AllocationProviderNotFound,
  NoAllocations,
} from "../../model/refusals/consumers.ts";
import type { Uuid } from "../../model/uuid.ts";
import type { NameDirectory } from "../cache/names.ts";
import { makeRecentConsumers } from "../cache/recent.ts";
import { readConsumer, readConsumers } from "../consumers/change.ts";
import { stampOf } from "../consumers/stamp.ts";
import { consumerWrite, lookupWrites } from "../consumers/writes.ts";
import { readStates } from "../providers/read.ts";
import type { Plan, Planner, Store } from "../store.ts";
import { type KnownSteps, providerWrite } from "./claim-writes.ts";

/** A request whose resource classes are names, as clients send them. */
export interface NamedClaim extends Omit<ClaimRequest, "allocations"> {
  readonly allocations: ReadonlyMap<Uuid, ReadonlyMap<string, number>>;
}

/**
 * Replaces the allocations of the consumers of `claims`, all or none.
 * @returns when the leases that begin will expire, in milliseconds since 1970; undefined: none
 *   begins
 * @throws ConsumerGenerationConflict, OtherLife, LeaseExpired, AllocationProviderNotFound,
 *   AllocationClassNotFound, ClaimRefused, ChangeTooLarge
 */
export function allocationsReplacement(
  store: Store,
  claims: readonly NamedClaim[],
  options: { readonly single: boolean },
): Planner<number | undefined> {
  const steps: KnownSteps = new Map();
  return async (attempt) => {
    const names = claims.flatMap((claim) =>
      [...claim.allocations.values()].flatMap((resources) => [...resources.keys()]),
    );
    const directory = await store.classes({ names });
    const unknown = names.find((name) => directory.idOf(name) === undefined);
    // Most single writes are of new consumers: the first try needs no read.
    const assumeNew =
      options.single &&
      attempt === 0 &&
      unknown === undefined &&
      claims[0]?.life === undefined &&
      (claims[0]?.generation ?? null) === null;
    const before = assumeNew
      ? new Map<Uuid, Consumer>()
      : await readConsumers(
          store,
          claims.map(({ consumer }) => consumer),
        );
    const stamp = stampOf(store);
    if (assumeNew && claims[0]?.allocations.size === 0) {
      return planEmptying(store, claims[0], stamp);
    }
    const planned = claims.map((claim, place) =>
      planConsumer(withIds(claim, directory), before.get(claim.consumer), stamp, place),
    );
    if (unknown !== undefined) {
      await requireProviders(store, claims);
      throw new AllocationClassNotFound(unknown, options.single ? claims[0]?.consumer : undefined);
    }
    const leased = claims.find(({ allocations }) => allocations.size > 0)?.lease;
    const result = leased === undefined ? undefined : stamp.now + leased;
    return planWrites(store, planned, { steps, stamp, directory, result });
  };
}

/** Empties a consumer that may not exist: it is read first, and not created. */
async function planEmptying(
  store: Store,
  claim: NamedClaim,
  stamp: WriteStamp,
): Promise<Plan<undefined>> {
  const before = await readConsumer(store, claim.consumer);
  const planned = planConsumer({ ...claim, allocations: new Map() }, before, stamp, 0);
  const directory = await store.classes({});
  return planWrites(store, [planned], { steps: new Map(), stamp, directory, result: undefined });
}

/**
 * @param life that the consumer has to be living; undefined: any
 * @throws NoAllocations, OtherLife
 */
export function allocationsDeletion(store: Store, consumer: Uuid, life?: string): Planner<void> {
  return async () => {
    const known = life === undefined ? store.shared(makeRecentConsumers).take(consumer) : undefined;
    // A refusal is told of what was read alone.
    const before = known && !isIdle(known) ? known : await readConsumer(store, consumer);
    if (before === undefined || isIdle(before)) throw new NoAllocations(consumer);
    requireLife(consumer, before, life);
    return releaseOf(store, before, undefined);
  };
}

/** The end of a consumer, with all that it holds; an expired lease does not hinder it. */
export async function releaseOf<T>(store: Store, before: Consumer, result: T): Promise<Plan<T>> {
  const request = { consumer: before.uuid, generation: undefined };
  const planned = { request, before, after: undefined, raisesEmptied: false };
  const directory = await store.classes({});
  const context = { steps: new Map(), stamp: stampOf(store), directory, result };
  return planWrites(store, [planned], context);
}

interface Context<T> {
  readonly steps: KnownSteps;
  readonly stamp: WriteStamp;
  readonly directory: NameDirectory;
  readonly result: T;
}

function planWrites<T>(
  store: Store,
  planned: readonly PlannedConsumer[],
  { steps, stamp, directory, result }: Context<T>,
): Plan<T> {
  const nameOf = (id: number) => directory.nameOf(id) ?? String(id);
  const effective = planned.filter(({ before, after }) => before ?? after);
  if (effective.length === 0) return { writes: [], result };
  return {
    writes: [
      ...planned.map(consumerWrite),
      ...providerChanges(effective).map((change) =>
        providerWrite(change, { steps, nameOf, now: stamp.now }),
      ),
      ...effective.flatMap(({ before, after }) => lookupWrites(before, after)),
    ],
    result,
    committed: () => {
      const recent = store.shared(makeRecentConsumers);
      for (const { request, after } of planned) recent.written(request.consumer, after);
      return result;
    },
    changed: allocationsChanged(planned),
    confirm: () => stillAs(store, planned),
  };
}

/** Whether every consumer is as it was when the change was planned. */
export async function stillAs(store: Store, planned: readonly PlannedConsumer[]): Promise<boolean> {
  const now = await readConsumers(
    store,
    planned.map(({ request }) => request.consumer),
  );
  return planned.every(
    ({ request, before }) => now.get(request.consumer)?.writeId === before?.writeId,
  );
}

export function withIds(claim: NamedClaim, directory: NameDirectory): ClaimRequest {
  const allocations = new Map(
    [...claim.allocations].map(([provider, resources]) => {
      const amounts = [...resources].map(
        ([name, amount]) => [directory.idOf(name) ?? -1, clampAmount(amount)] as const,
      );
      return [provider, new Map(amounts)];
    }),
  );
  return { ...claim, allocations };
}

/** Unknown providers are reported before unknown classes. */
async function requireProviders(store: Store, claims: readonly NamedClaim[]): Promise<void> {
  const wanted = [...new Set(claims.flatMap(({ allocations }) => [...allocations.keys()]))];
  const states = await readStates(store, wanted);
  const missing = wanted.find((_, index) => states[index] === undefined);
  if (missing !== undefined) throw new AllocationProviderNotFound(missing);
}
