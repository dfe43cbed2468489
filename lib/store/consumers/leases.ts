/**
 * Renewals and confirmations of leases. They leave the consumer's generation and operation id as
 * they are, so that they conflict with no write of what it holds, and compare its life and lease.
 */
import type { Consumer } from "../../model/consumer.ts";
import {
  confirmed,
  extended,
  type Lease,
  requireLife,
  requireUnexpired,
} from "../../model/lease.ts";
import { ConsumerNotFound } from "../../model/refusals/consumers.ts";
import { LeaseVersionConflict, NoLease } from "../../model/refusals/leases.ts";
import type { Uuid } from "../../model/uuid.ts";
import { guard, replan } from "../changes/guarded-write.ts";
import { consumer as attributes, consumerKey } from "../items/consumer.ts";
import type { Plan, Planner, Store } from "../store.ts";
import { equals } from "../table/expressions.ts";
import { readConsumer } from "./change.ts";
import { leaseChanges, leaseLookupWrites, sameLease } from "./writes.ts";

export interface Renewal {
  /** From now. */
  readonly milliseconds: number;
  /** Lives that the consumer has to be living; none: any. */
  readonly lives: readonly string[];
  /** The lease's, as the client knows it; undefined: any. */
  readonly version: number | undefined;
}

/**
 * Lets the lease end `milliseconds` from now: later than it would have, or earlier. It never
 * begins one: a late renewal must not undo a confirmation.
 * @throws ConsumerNotFound, OtherLife, NoLease, LeaseExpired, LeaseVersionConflict
 */
export function leaseRenewal(
  store: Store,
  uuid: Uuid,
  { milliseconds, lives, version }: Renewal,
): Planner<Consumer> {
  return async () => {
    const before = await requireLease(store, uuid, lives);
    if (version !== undefined && version !== before.lease.version) {
      throw new LeaseVersionConflict(before.lease.version, version);
    }
    const now = store.clock.now();
    requireUnexpired(before, now);
    return leaseChange(before, extended(before.lease, now + milliseconds));
  };
}

/**
 * Ends the lease; the consumer stays.
 * @param life that the consumer has to be living; undefined: any
 * @throws ConsumerNotFound, OtherLife, NoLease, LeaseExpired
 */
export function leaseConfirmation(
  store: Store,
  uuid: Uuid,
  life: string | undefined,
): Planner<Consumer> {
  return async () => {
    const before = await requireLease(store, uuid, life === undefined ? [] : [life]);
    requireUnexpired(before, store.clock.now());
    const plan = leaseChange(before, confirmed(before.lease));
    const { result: after } = plan;
    return { ...plan, changed: [{ of: "consumer", about: "lease", before, after }] };
  };
}

type Leased = Consumer & { readonly lease: Lease };

async function requireLease(store: Store, uuid: Uuid, lives: readonly string[]): Promise<Leased> {
  const consumer = await readConsumer(store, uuid);
  if (consumer === undefined) throw new ConsumerNotFound(uuid);
  for (const life of lives) requireLife(uuid, consumer, life);
  const { lease } = consumer;
  if (lease?.term === undefined) throw new NoLease(uuid);
  return { ...consumer, lease };
}

/** The change of the lease alone, to `lease`. */
export function leaseChange(before: Consumer, lease: Lease): Plan<Consumer> {
  const result: Consumer = { ...before, lease };
  const when = [equals(attributes.incarnation, before.incarnation), ...sameLease(before)];
  const key = consumerKey(before.uuid);
  // Of two at once, the other one may have made the very same lease: nothing tells whose it is.
  const own = guard({ kind: "update", key, changes: leaseChanges(result), when }, () => replan);
  return { writes: [own, ...leaseLookupWrites(before, result)], result };
}
