/** A consumer under a provider: the amounts that it holds there, its generation, and since when. */
import type { Claimed, Consumer } from "../../model/consumer.ts";
import type { Amounts } from "../../model/inventory.ts";
import { storedUuid, type Uuid } from "../../model/uuid.ts";
import type { Item, Key } from "../table/item.ts";
import { claimedFrom } from "./allocation-order.ts";
import { amountsAttribute, amountsOf, type StoredAmounts } from "./amounts.ts";
import { attribute, read, stored } from "./attributes.ts";
import { CONSUMER } from "./consumer.ts";
import { afterFirst, joined } from "./keys.ts";

export const ALLOCATIONS = "ALLOCATIONS";

export const allocationsPk = (provider: Uuid): string => joined(ALLOCATIONS, provider);

export const allocationKey = (provider: Uuid, consumer: Uuid): Key => ({
  pk: allocationsPk(provider),
  sk: joined(CONSUMER, consumer),
});

export const holder = {
  /** The consumer's. */
  generation: attribute<number>("g"),
  amounts: attribute<StoredAmounts>("a"),
  updated: attribute<number>("w"),
  /** The time of the last write of allocations, if it differs from the consumer's. */
  claimedAt: attribute<number | undefined>("d"),
  /** The consumer's place in that request, if it was not the first. */
  place: attribute<number | undefined>("s"),
} as const;

export function allocationItem(given: Consumer, provider: Uuid, amounts: Amounts): Item {
  const { at, place } = given.claimed;
  return {
    ...allocationKey(provider, given.uuid),
    ...stored(holder, {
      generation: given.generation,
      amounts: amountsAttribute(amounts),
      updated: given.updated,
      claimedAt: at === given.updated ? undefined : at,
      place: place === 0 ? undefined : place,
    }),
  };
}

export interface HeldAllocation {
  readonly consumer: Uuid;
  readonly consumerGeneration: number;
  readonly amounts: Amounts;
  readonly claimed: Claimed;
  readonly updated: number;
}

export function heldAllocationOf(item: Item): HeldAllocation {
  const updated = read(item, holder.updated);
  return {
    consumer: consumerHolding(item),
    consumerGeneration: read(item, holder.generation),
    amounts: amountsOf(read(item, holder.amounts)),
    claimed: claimedFrom(read(item, holder.claimedAt), read(item, holder.place), updated),
    updated,
  };
}

/** The consumer of the key. */
export const consumerHolding = ({ sk }: Key): Uuid => storedUuid(afterFirst(sk));

/** The provider of the key. */
export const providerHeld = ({ pk }: Key): Uuid => storedUuid(afterFirst(pk));

/** The order of a provider's consumers: by the last write of their allocations. */
export function byClaim(a: HeldAllocation, b: HeldAllocation): number {
  return (
    a.claimed.at - b.claimed.at ||
    a.claimed.place - b.claimed.place ||
    (a.consumer < b.consumer ? -1 : Number(a.consumer > b.consumer))
  );
}
