/**
 * What keeps a sweep from releasing leases that their holders could not renew: a time without
 * releases after an outage, and a share of all leases that one sweep does not exceed.
 */
import { LEASE_SWEEP, type LeaseSweep, leaseSweep, leaseSweepOf } from "../items/lease-sweep.ts";
import { LEASE_PARTITIONS, leasePk, listedText } from "../items/leased-consumer.ts";
import type { MaintenanceStore } from "../maintenance-store.ts";
import { below, set } from "../table/expressions.ts";

/** Milliseconds without a sweep that count as an outage. */
export const OUTAGE = 120_000;
/** Milliseconds after an outage in which nothing is released, so that holders can renew. */
export const GRACE = 300_000;
/** Leases that a sweep may release, however few there are. */
export const FEW = 10;

/** A later sweep is stored if the stored one is older; often enough to tell an outage. */
const STORED_EVERY = 30_000;
/** Leases that are counted at most; beyond, the others are taken as none. */
const MAX_COUNTED = 200_000;

/** Why a sweep releases nothing. */
export type Held = "outage" | "share";

export interface BegunSweep {
  readonly now: number;
  readonly before: LeaseSweep;
  /** Milliseconds since 1970: nothing is released before it. */
  readonly until: number | undefined;
}

/** Begins a time without releases if the last sweep was long ago, and there are leases. */
export async function beginSweep(store: MaintenanceStore, now: number): Promise<BegunSweep> {
  const before = leaseSweepOf(await store.get(LEASE_SWEEP));
  const isLate = before.swept === undefined || now - before.swept > OUTAGE;
  const hasLeases = isLate && (await countLeases(store, 1)) > 0;
  return { now, before, until: hasLeases ? now + GRACE : before.held };
}

export function isHeld({ now, until }: BegunSweep): boolean {
  return until !== undefined && now < until;
}

/** Stores that the sweep has come to its end; of two at once, the later one stays. */
export async function endSweep(
  store: MaintenanceStore,
  { now, before, until }: BegunSweep,
): Promise<void> {
  const { swept, held } = before;
  if (until === held && swept !== undefined && now - swept < STORED_EVERY) return;
  await store.writeAlone({
    kind: "update",
    key: LEASE_SWEEP,
    changes: [
      set(leaseSweep.swept, now),
      ...(until === undefined ? [] : [set(leaseSweep.held, until)]),
    ],
    when: [below(leaseSweep.swept, now)],
  });
}

export interface Looked {
  /** Leases that were looked at, and how many of these have expired. */
  readonly looked: number;
  readonly expired: number;
  /** The time up to which leases were looked for, if there are more of them; else undefined. */
  readonly moreUntil: number | undefined;
}

/**
 * Whether the expired leases are more than `share` percent of all, and more than a few. Those that
 * were looked at stand for all that are due. All leases are counted only so far as is necessary.
 */
export async function exceedsShare(
  store: MaintenanceStore,
  share: number,
  { looked, expired, moreUntil }: Looked,
): Promise<boolean> {
  if (expired === 0 || share >= 100) return false;
  const due = moreUntil === undefined ? looked : await countLeases(store, MAX_COUNTED, moreUntil);
  const releasing = expired * (due / looked);
  if (releasing <= FEW) return false;
  const enough = Math.ceil((releasing * 100) / share);
  return (await countLeases(store, Math.min(enough, MAX_COUNTED))) < enough;
}

/** Leases that are listed up to a time, or all; not more than `most`. */
async function countLeases(store: MaintenanceStore, most: number, until?: number): Promise<number> {
  const range = until === undefined ? {} : { until: listedText(until + 1) };
  let count = 0;
  for (let partition = 0; partition < LEASE_PARTITIONS && count < most; partition += 1) {
    const options = { ...range, limit: most - count, eventual: true };
    count += (await store.query(leasePk(partition), options)).length;
  }
  return count;
}
