/** Reads what the consumers on changed providers hold now. */
import type { Uuid } from "../../../model/uuid.ts";
import { sumOfStored } from "../../items/amounts.ts";
import { consumerKey, consumerOfKey, type Holding, holdingOf } from "../../items/consumer.ts";
import { allocationsPk, consumerHolding, holder } from "../../items/holder.ts";
import { userHash } from "../../items/project-consumer.ts";
import type { Key } from "../../table/item.ts";
import { inParallel } from "../../table/parallel.ts";
import type { Reader } from "../../table/reader.ts";
import type { KeptConsumer } from "./kept-consumers.ts";

/** At a time: the first ones may show that there are too many consumers. */
const QUERIES = 8;

/** What the reads of one refresh share. */
export interface Reading {
  readonly reader: Reader;
  /** Gains the consumers that an undecided large change may still alter. */
  readonly pending: Set<Uuid>;
}

/**
 * @param limit consumers of all of them
 * @returns the consumers on them; undefined: more than `limit`
 */
export async function readHoldersOn(
  { reader, pending }: Reading,
  providers: Iterable<Uuid>,
  limit: number,
): Promise<ReadonlySet<Uuid> | undefined> {
  const consumers = new Set<Uuid>();
  const options = {
    limit: limit + 1,
    attributes: [holder.generation],
    onPending: (key: Key) => pending.add(consumerHolding(key)),
  };
  await inParallel(
    [...providers],
    async (provider) => {
      if (consumers.size > limit) return;
      const items = await reader.query(allocationsPk(provider), options);
      for (const item of items) consumers.add(consumerHolding(item));
    },
    QUERIES,
  );
  return consumers.size > limit ? undefined : consumers;
}

/** By consumer, what it is in the project; undefined: not there, or it holds nothing. */
export async function readKeptConsumers(
  { reader, pending }: Reading,
  project: string,
  consumers: readonly Uuid[],
): Promise<Map<Uuid, KeptConsumer | undefined>> {
  const items = await reader.batchGet(consumers.map(consumerKey), {
    onPending: (key) => pending.add(consumerOfKey(key)),
  });
  return new Map(
    consumers.map((consumer, index) => {
      const item = items[index];
      return [consumer, item && keptOf(holdingOf(item), project)];
    }),
  );
}

function keptOf({ allocations, ...owner }: Holding, project: string): KeptConsumer | undefined {
  if (owner.project !== project || allocations.size === 0) return undefined;
  return {
    user: userHash(owner.user),
    type: owner.type,
    amounts: sumOfStored([...allocations.values()]),
    providers: [...allocations.keys()],
  };
}
