/** A consumer with a lease, among the leases by the time at which they may be due. */
import type { Consumer } from "../../model/consumer.ts";
import { storedUuid, type Uuid } from "../../model/uuid.ts";
import type { Item, Key } from "../table/item.ts";
import { afterFirst, firstPart, joined } from "./keys.ts";
import { shardOf } from "./shard.ts";

export const LEASE = "LEASE";

export const LEASE_PARTITIONS = 16;

/** Digits of a time: the text sorts as the number does. */
const DIGITS = 15;

export const leasePk = (partition: number): string => joined(LEASE, partition);

/** The first part of the sort key. @param listed milliseconds since 1970 */
export const listedText = (listed: number): string => String(listed).padStart(DIGITS, "0");

export const leaseKey = (consumer: Uuid, listed: number): Key => ({
  pk: leasePk(shardOf(consumer, LEASE_PARTITIONS)),
  sk: joined(listedText(listed), consumer),
});

/** The key contains everything. Undefined: the consumer has no lease now. */
export function leaseItem({ uuid, lease }: Pick<Consumer, "uuid" | "lease">): Item | undefined {
  return lease?.term && { ...leaseKey(uuid, lease.term.listed) };
}

export interface ListedLease {
  readonly consumer: Uuid;
  /** At most the time at which the lease expires. */
  readonly listed: number;
}

export function listedLeaseOf({ sk }: Key): ListedLease {
  return { consumer: storedUuid(afterFirst(sk)), listed: Number(firstPart(sk)) };
}
