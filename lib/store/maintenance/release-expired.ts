/**
 * Releases consumers whose leases have expired, and lists renewed ones at their later end. See
 * docs/leases.md.
 */
import type { Consumer } from "../../model/consumer.ts";
import { isReleasable, LEASE_MARGIN } from "../../model/lease.ts";
import { Refusal } from "../../model/refusal.ts";
import { releaseOf } from "../allocations/claims.ts";
import { readConsumer, readConsumers, readListedLeases } from "../consumers/change.ts";
import { leaseChange } from "../consumers/leases.ts";
import { LEASE_PARTITIONS, type ListedLease, leaseKey } from "../items/leased-consumer.ts";
import type { OnChanged } from "../items/subjects.ts";
import type { MaintenanceStore } from "../maintenance-store.ts";
import type { Plan } from "../store.ts";
import {
  type BegunSweep,
  beginSweep,
  endSweep,
  exceedsShare,
  type Held,
  isHeld,
} from "./lease-guards.ts";
import { repairLease } from "./repairs/lookups.ts";

export interface LeasesReport {
  /** Leases that were looked at, since they may have expired. */
  readonly found: number;
  /** Consumers that were released. */
  readonly done: number;
  /** Leases that could not be settled; the next sweep tries again. */
  readonly failed: number;
  /** Why nothing was released; null: it was. */
  readonly held: Held | null;
  /** Milliseconds since the longest expired lease could have been released. */
  readonly lag: number;
  /** Whether nothing is left that may have expired. */
  readonly complete: boolean;
}

export interface LeasesOptions {
  /** Leases that are looked at, about. */
  readonly batchSize: number;
  /** Percent of all leases that may be released at once. */
  readonly share: number;
  readonly changed: OnChanged;
}

/** Milliseconds reserved for the last release and for storing the time of the sweep. */
const RESERVE = 10_000;

type Settled = "released" | "kept" | "orphan" | "failed";

/** @throws Busy, before anything is released */
export async function releaseExpiredLeases(
  store: MaintenanceStore,
  options: LeasesOptions,
): Promise<LeasesReport> {
  const now = store.clock.now();
  const begun = await beginSweep(store, now);
  const due = await readDue(store, now, Math.ceil(options.batchSize / LEASE_PARTITIONS));
  const held = await heldBy(store, { begun, due, share: options.share });
  const counts = { released: 0, kept: 0, orphan: 0, failed: 0 };
  let settled = 0;
  for (const lease of due.listed) {
    if (store.clock.now() > store.deadline - RESERVE) break;
    const outcome = await settle(store, lease, held === null);
    counts[outcome] += 1;
    settled += 1;
    if (outcome === "released") options.changed(lease.consumer);
  }
  await endSweep(store, begun);
  const isWhole = !due.isCut && settled === due.listed.length && counts.failed === 0;
  return {
    found: due.listed.length,
    done: counts.released,
    failed: counts.failed,
    held,
    lag: Math.max(0, ...due.expired.map((consumer) => lagOf(consumer, now))),
    complete: isWhole && (held === null || due.expired.length === 0),
  };
}

interface Due {
  /** The leases that are listed at a time at which they could be released. */
  readonly listed: readonly ListedLease[];
  /** Of these, the consumers that have not renewed. */
  readonly expired: readonly Consumer[];
  /** Whether there may be more. */
  readonly isCut: boolean;
}

/** @param limit of each partition */
async function readDue(store: MaintenanceStore, now: number, limit: number): Promise<Due> {
  const listed = await readListedLeases(store, now - LEASE_MARGIN, { limit });
  const consumers = await readConsumers(
    store,
    listed.map(({ consumer }) => consumer),
  );
  const byPartition = new Map<string, number>();
  for (const { consumer, listed: at } of listed) {
    const { pk } = leaseKey(consumer, at);
    byPartition.set(pk, (byPartition.get(pk) ?? 0) + 1);
  }
  return {
    listed,
    expired: [...consumers.values()].filter((consumer) => isReleasable(consumer, now)),
    isCut: [...byPartition.values()].some((count) => count >= limit),
  };
}

interface Sweep {
  readonly begun: BegunSweep;
  readonly due: Due;
  readonly share: number;
}

async function heldBy(store: MaintenanceStore, { begun, due, share }: Sweep): Promise<Held | null> {
  if (isHeld(begun)) return "outage";
  const { listed, expired, isCut } = due;
  const found = {
    looked: listed.length,
    expired: expired.length,
    moreUntil: isCut ? begun.now - LEASE_MARGIN : undefined,
  };
  return (await exceedsShare(store, share, found)) ? "share" : null;
}

const lagOf = ({ lease }: Consumer, now: number): number =>
  now - LEASE_MARGIN - (lease?.term?.expires ?? now);

/** Does what the lease needs now; what changes meanwhile is planned again. */
async function settle(
  store: MaintenanceStore,
  { consumer: uuid, listed }: ListedLease,
  releases: boolean,
): Promise<Settled> {
  try {
    const settled = await store.change(async (): Promise<Plan<Settled>> => {
      const before = await readConsumer(store, uuid);
      const { lease } = before ?? {};
      // Another life, or functions of a release that does not know leases.
      if (before === undefined || lease?.term?.listed !== listed)
        return { writes: [], result: "orphan" };
      const { version, term } = lease;
      if (isReleasable(before, store.clock.now())) {
        if (!releases) return { writes: [], result: "kept" };
        return releaseOf(store, before, "released");
      }
      const { expires } = term;
      if (expires === listed) return { writes: [], result: "kept" };
      const { writes } = leaseChange(before, { version, term: { expires, listed: expires } });
      return { writes, result: "kept" };
    });
    if (settled === "orphan") await repairLease(store, { ...leaseKey(uuid, listed) });
    return settled;
  } catch (error) {
    // Busy, an unknown outcome or damaged records: others are settled nonetheless.
    if (error instanceof Refusal) return "failed";
    throw error;
  }
}
