/**
 * Empties a provider whose owner is gone: its consumers lose what they hold on it, many of them in one
 * change. Each keeps what it holds on other providers.
 */
import {
  type PlannedConsumer,
  planRelease,
  providerChanges,
  type WriteStamp,
} from "../../model/claim.ts";
import type { Consumer } from "../../model/consumer.ts";
import { allocationsChanged } from "../../model/history/consumer-change.ts";
import { ProviderNotFound } from "../../model/refusals/providers.ts";
import type { Uuid } from "../../model/uuid.ts";
import { readConsumers } from "../consumers/change.ts";
import { holdersPage } from "../consumers/holders.ts";
import { stampOf } from "../consumers/stamp.ts";
import { consumerWrite, lookupWrites } from "../consumers/writes.ts";
import { readState } from "../providers/read.ts";
import type { Plan, Planner, Store } from "../store.ts";
import { providerWrite } from "./claim-writes.ts";
import { stillAs } from "./claims.ts";

export interface Emptying {
  readonly provider: Uuid;
  /** Consumers at most. */
  readonly limit: number;
  /** Items at most that the change may write. One consumer is always taken. */
  readonly maxItems: number;
}

/** A consumer as it was, and its generation afterwards; null: it holds nothing else and is deleted. */
export interface Released {
  readonly consumer: Consumer;
  readonly generation: number | null;
}

export interface Emptied {
  /** By the uuids of the consumers. */
  readonly released: readonly Released[];
  /** Whether others held something on the provider when the change was planned. */
  readonly more: boolean;
}

/** Items beside those of consumers: the provider's own, and the record of an idempotency key. */
const OTHER_ITEMS = 2;

/** How often more look-up items are read, where those that were read have no consumer any more. */
const MAX_PAGES = 20;

/** @throws ProviderNotFound, ChangeTooLarge */
export function providerEmptying(store: Store, given: Emptying): Planner<Emptied> {
  return async () => {
    const { consumers, more } = await readSome(store, given);
    const stamp = stampOf(store);
    const planned = consumers.map((each, place) => planRelease(each, given.provider, stamp, place));
    const released = planned.map(({ before, after }) => ({
      consumer: before,
      generation: after?.generation ?? null,
    }));
    const { committed: _, ...plan } = releases(store, given.provider, planned, stamp);
    return { ...plan, result: { released, more } };
  };
}

interface Some {
  readonly consumers: readonly Consumer[];
  readonly more: boolean;
}

/**
 * The first consumers of the provider, as many as one change may release. A look-up item whose consumer has been
 * released meanwhile is passed over.
 */
async function readSome(store: Store, { provider, limit, maxItems }: Emptying): Promise<Some> {
  const consumers: Consumer[] = [];
  let items = OTHER_ITEMS;
  let after: Uuid | undefined;
  for (let read = 0; read < MAX_PAGES; read += 1) {
    const page = await store.list(async (reader) => {
      if ((await readState(reader, provider)) === undefined) return undefined;
      return holdersPage(reader, provider, { limit: limit - consumers.length, after });
    });
    if (page === undefined) throw new ProviderNotFound(provider);
    const uuids = page.holders.map(({ consumer }) => consumer);
    const found = await readConsumers(store, uuids);
    for (const uuid of uuids) {
      const consumer = found.get(uuid);
      if (!consumer?.allocations.has(provider)) continue;
      items += itemsOf(consumer);
      if (items > maxItems && consumers.length > 0) return { consumers, more: true };
      consumers.push(consumer);
    }
    after = page.next;
    if (after === undefined || consumers.length === limit) {
      return { consumers, more: after !== undefined };
    }
  }
  return { consumers, more: true };
}

/** The consumer, its project's item, that of its lease, and one under each of its providers. */
const itemsOf = ({ allocations, lease }: Consumer): number =>
  2 + (lease?.term === undefined ? 0 : 1) + allocations.size;

/** The other providers of the consumers are not written: nothing changes in their use. */
function releases(
  store: Store,
  provider: Uuid,
  planned: readonly PlannedConsumer[],
  stamp: WriteStamp,
): Omit<Plan<unknown>, "result"> {
  const own = providerChanges(planned).filter((change) => change.provider === provider);
  const context = { steps: new Map(), nameOf: String, now: stamp.now };
  return {
    writes: [
      ...planned.map(consumerWrite),
      ...own.map((change) => providerWrite(change, context)),
      ...planned.flatMap(({ before, after }) => lookupWrites(before, after)),
    ],
    changed: allocationsChanged(planned, "provider_emptied"),
    confirm: () => stillAs(store, planned),
  };
}
