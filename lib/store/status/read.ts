/**
 * What a table tells of its own state: large changes under way, the last verification, how far the
 * release of leases and the feed of events are behind. A fixed number of reads, each of a few items;
 * what is a moment old does as well, at half the price.
 */
import { LEASE_MARGIN } from "../../model/lease.ts";
import { readConsumers, readListedLeases } from "../consumers/change.ts";
import { type ChangeRecord, RECORD_PREFIX, RECORDS_PK, recordOf } from "../items/change-record.ts";
import { FEED_PARTITIONS } from "../items/feed.ts";
import { feedCounterKey, feedCounterOf } from "../items/feed-counter.ts";
import { LEASE_SWEEP, type LeaseSweep, leaseSweepOf } from "../items/lease-sweep.ts";
import { PENDING, pendingPlaceOf } from "../items/pending-events.ts";
import { VERIFIED, type Verified, verifiedOf } from "../items/verified.ts";
import type { Store } from "../store.ts";
import type { Reader } from "../table/reader.ts";

export const MAX_CHANGES = 20;
/** Leases of each partition: together their consumers are one read. */
const MAX_LISTED = 6;

const MOMENT_OLD = { eventual: true } as const;

export interface TableStatus {
  /** At most `MAX_CHANGES`. */
  readonly changes: readonly ChangeRecord[];
  readonly moreChanges: boolean;
  /** Of the last whole walk that was kept. */
  readonly verified: Verified | undefined;
  readonly sweep: LeaseSweep;
  /** Milliseconds since the longest expired lease could have been released. */
  readonly leaseLag: number;
  /** Milliseconds since the oldest event was left that waits for a feeder. */
  readonly feedLag: number;
  /** Milliseconds since 1970: when an event was last appended to the feed; 0: never. */
  readonly appended: number;
}

/** @throws Busy */
export function readStatus(store: Store): Promise<TableStatus> {
  return store.list(async (reader) => {
    const counters = Array.from({ length: FEED_PARTITIONS }, (_, index) => feedCounterKey(index));
    const [[verified, sweep, ...counted], changes, leaseLag, feedLag] = await Promise.all([
      reader.batchGet([VERIFIED, LEASE_SWEEP, ...counters], MOMENT_OLD),
      readChanges(reader),
      readLeaseLag(reader),
      readFeedLag(reader),
    ]);
    return {
      changes: changes.slice(0, MAX_CHANGES),
      moreChanges: changes.length > MAX_CHANGES,
      verified: verified && verifiedOf(verified),
      sweep: leaseSweepOf(sweep),
      leaseLag,
      feedLag,
      appended: Math.max(...counted.map((item) => feedCounterOf(item).appended)),
    };
  });
}

async function readChanges(reader: Reader): Promise<ChangeRecord[]> {
  const options = { ...MOMENT_OLD, prefix: RECORD_PREFIX, limit: MAX_CHANGES + 1 };
  return (await reader.query(RECORDS_PK, options)).map(recordOf);
}

/** A lease that was renewed is listed at its earlier end until the next sweep: it has not expired. */
async function readLeaseLag(reader: Reader): Promise<number> {
  const until = reader.clock.now() - LEASE_MARGIN;
  const listed = await readListedLeases(reader, until, { ...MOMENT_OLD, limit: MAX_LISTED });
  if (listed.length === 0) return 0;
  const consumers = await readConsumers(
    reader,
    listed.map(({ consumer }) => consumer),
  );
  const lags = [...consumers.values()].map(({ lease }) => until - (lease?.term?.expires ?? until));
  return Math.max(0, ...lags);
}

async function readFeedLag(reader: Reader): Promise<number> {
  const [first] = await reader.query(PENDING, { ...MOMENT_OLD, limit: 1 });
  const place = first && pendingPlaceOf(first);
  return place === undefined ? 0 : Math.max(0, reader.clock.now() - place.time);
}
