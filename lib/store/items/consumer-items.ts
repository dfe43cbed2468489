/** The items of a consumer: itself, and where it is looked up. */
import { type Claimed, type Consumer, isIdle, type Owner, totals } from "../../model/consumer.ts";
import type { Amounts } from "../../model/inventory.ts";
import { storedUuid, type Uuid } from "../../model/uuid.ts";
import type { Item } from "../table/item.ts";
import { claimedFrom, inStoredOrder, orderHint, storedClaimed } from "./allocation-order.ts";
import { allocationKey, consumerKey, idleKey, projectKey } from "./keys.ts";

/** Paths in the consumer's item. */
export const consumer = {
  generation: ["g"],
  writeId: ["o"],
  project: ["p"],
  user: ["u"],
  type: ["t"],
  allocations: ["a"],
  order: ["h"],
  updated: ["w"],
} as const;

const PREFIX = "CONSUMER#";

function amountsAttribute(amounts: Amounts): Record<string, number> {
  return Object.fromEntries([...amounts].map(([id, amount]) => [String(id), amount]));
}

/** In the order of class ids, which is that of the standard list. */
export function amountsOf(attribute: unknown): Amounts {
  const entries = Object.entries((attribute ?? {}) as Record<string, number>);
  return new Map(
    entries.map(([id, amount]) => [Number(id), amount] as const).sort(([a], [b]) => a - b),
  );
}

export function allocationsAttribute(given: Consumer): Record<string, Record<string, number>> {
  return Object.fromEntries(
    [...given.allocations].map(([provider, amounts]) => [provider, amountsAttribute(amounts)]),
  );
}

export function consumerItem(given: Consumer): Item {
  const order = orderHint(given);
  return {
    ...consumerKey(given.uuid),
    g: given.generation,
    o: given.writeId,
    l: given.incarnation,
    p: given.project,
    u: given.user,
    t: given.type,
    a: allocationsAttribute(given),
    ...(order === undefined ? {} : { h: order }),
    c: given.created,
    w: given.updated,
  };
}

export function consumerOf(item: Item): Consumer {
  const [generation, updated] = [item["g"] as number, item["w"] as number];
  return {
    uuid: storedUuid(item.pk.slice(PREFIX.length)),
    generation,
    writeId: item["o"] as string,
    incarnation: item["l"] as string,
    project: item["p"] as string,
    user: item["u"] as string,
    type: item["t"] as string | null,
    allocations: inStoredOrder(item["a"] as Record<string, unknown>, item["h"], amountsOf),
    claimed: storedClaimed(item["h"], generation, updated),
    created: item["c"] as number,
    updated,
  };
}

/** Under a provider: who holds what, with the consumer's generation, since when. */
export function allocationItem(given: Consumer, provider: Uuid, amounts: Amounts): Item {
  const { at, place } = given.claimed;
  return {
    ...allocationKey(provider, given.uuid),
    g: given.generation,
    a: amountsAttribute(amounts),
    w: given.updated,
    ...(at === given.updated ? {} : { d: at }),
    ...(place === 0 ? {} : { s: place }),
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
  const updated = item["w"] as number;
  return {
    consumer: storedUuid(item.sk.slice(PREFIX.length)),
    consumerGeneration: item["g"] as number,
    amounts: amountsOf(item["a"]),
    claimed: claimedFrom(item["d"], item["s"], updated),
    updated,
  };
}

/** The order of a provider's consumers: by the last write of their allocations. */
export function byClaim(a: HeldAllocation, b: HeldAllocation): number {
  return (
    a.claimed.at - b.claimed.at ||
    a.claimed.place - b.claimed.place ||
    (a.consumer < b.consumer ? -1 : Number(a.consumer > b.consumer))
  );
}

/** Under a project: what the consumer uses in all; no amounts while it is idle. */
export function projectItem(given: Consumer): Item {
  const held = isIdle(given) ? {} : { a: amountsAttribute(totals(given.allocations)) };
  return {
    ...projectKey(given.project, given.user, given.uuid),
    u: given.user,
    t: given.type,
    ...held,
  };
}

export interface ProjectConsumer extends Pick<Owner, "user" | "type"> {
  readonly uuid: Uuid;
  /** Undefined while the consumer is idle. */
  readonly amounts: Amounts | undefined;
}

export function projectConsumerOf(item: Item): ProjectConsumer {
  return {
    uuid: storedUuid(item.sk.slice(item.sk.indexOf("#") + 1)),
    user: item["u"] as string,
    type: item["t"] as string | null,
    amounts: item["a"] === undefined ? undefined : amountsOf(item["a"]),
  };
}

/** Among the idle ones, by age. */
export function idleItem(given: Consumer): Item {
  return { ...idleKey(given.uuid, given.created) };
}

export interface IdleConsumer {
  readonly uuid: Uuid;
  readonly since: number;
}

export function idleConsumerOf(item: Item): IdleConsumer {
  const [since = "", uuid = ""] = item.sk.split("#");
  return { uuid: storedUuid(uuid), since: Number(since) };
}

/** Everything by which a consumer is looked up. */
export function lookupItems(given: Consumer): Item[] {
  const held = [...given.allocations].map(([provider, amounts]) =>
    allocationItem(given, provider, amounts),
  );
  return [...held, projectItem(given), ...(isIdle(given) ? [idleItem(given)] : [])];
}
