/** A consumer with its allocations. */
import type { Consumer, Owner } from "../../model/consumer.ts";
import type { Lease } from "../../model/lease.ts";
import { storedUuid, type Uuid } from "../../model/uuid.ts";
import type { Item, Key } from "../table/item.ts";
import { inStoredOrder, orderHint, storedClaimed } from "./allocation-order.ts";
import { amountsAttribute, amountsOf, type StoredAmounts } from "./amounts.ts";
import { attribute, read, stored } from "./attributes.ts";
import { afterFirst, joined } from "./keys.ts";

export const CONSUMER = "CONSUMER";

export const consumerKey = (consumer: Uuid): Key => ({
  pk: joined(CONSUMER, consumer),
  sk: CONSUMER,
});

/** How the partition keys of consumers begin. */
export const CONSUMER_PREFIX = joined(CONSUMER, "");

/** Paths in the consumer's item. */
export const consumer = {
  generation: attribute<number>("g"),
  writeId: attribute<string>("o"),
  incarnation: attribute<string>("l"),
  project: attribute<string>("p"),
  user: attribute<string>("u"),
  type: attribute<string | null>("t"),
  /** Amounts by class id by provider. */
  allocations: attribute<Readonly<Record<string, unknown>>>("a"),
  /** See `allocation-order.ts`; absent if the hint is empty. */
  order: attribute<unknown>("h"),
  created: attribute<number>("c"),
  updated: attribute<number>("w"),
  /** The lease: when it expires, and the time of its look-up item; absent without a lease. */
  leaseExpires: attribute<number | undefined>("x"),
  leaseListed: attribute<number | undefined>("y"),
  /** Absent before the first lease; it stays when a lease is confirmed. */
  leaseVersion: attribute<number | undefined>("z"),
  /** True on a consumer that was rebuilt from its look-up items: more of them may be found. */
  rebuilt: attribute<boolean | undefined>("rebuilt"),
} as const;

export function allocationsAttribute(given: Consumer): Record<string, Record<string, number>> {
  return Object.fromEntries(
    [...given.allocations].map(([provider, amounts]) => [provider, amountsAttribute(amounts)]),
  );
}

export function consumerItem(given: Consumer, rebuilt?: true): Item {
  return {
    ...consumerKey(given.uuid),
    ...stored(consumer, {
      ...given,
      allocations: allocationsAttribute(given),
      order: orderHint(given),
      leaseExpires: given.lease?.term?.expires,
      leaseListed: given.lease?.term?.listed,
      leaseVersion: given.lease?.version,
      rebuilt,
    }),
  };
}

/** The consumer of the key. */
export const consumerOfKey = ({ pk }: Key): Uuid => storedUuid(afterFirst(pk));

export function consumerOf(item: Item): Consumer {
  const generation = read(item, consumer.generation);
  const updated = read(item, consumer.updated);
  const order = read(item, consumer.order);
  const lease = leaseOf(item);
  return {
    uuid: consumerOfKey(item),
    generation,
    writeId: read(item, consumer.writeId),
    incarnation: read(item, consumer.incarnation),
    project: read(item, consumer.project),
    user: read(item, consumer.user),
    type: read(item, consumer.type),
    allocations: inStoredOrder(read(item, consumer.allocations), order, amountsOf),
    claimed: storedClaimed(order, generation, updated),
    created: read(item, consumer.created),
    updated,
    ...(lease && { lease }),
  };
}

/** What a consumer holds and whose it is: as stored, without the conversions of `consumerOf`. */
export interface Holding extends Owner {
  /** By provider; none while the consumer is idle. */
  readonly allocations: ReadonlyMap<Uuid, StoredAmounts>;
}

export function holdingOf(item: Item): Holding {
  const held = read(item, consumer.allocations) as Readonly<Record<string, StoredAmounts>>;
  return {
    project: read(item, consumer.project),
    user: read(item, consumer.user),
    type: read(item, consumer.type),
    allocations: new Map(Object.entries(held).map(([uuid, each]) => [storedUuid(uuid), each])),
  };
}

function leaseOf(item: Item): Lease | undefined {
  const version = read(item, consumer.leaseVersion);
  const expires = read(item, consumer.leaseExpires);
  if (version === undefined && expires === undefined) return undefined;
  const listed = read(item, consumer.leaseListed) ?? Number.NaN;
  const term = expires === undefined ? undefined : { expires, listed };
  return { version: version ?? Number.NaN, term };
}

export function isRebuilt(item: Item): boolean {
  return read(item, consumer.rebuilt) === true;
}
