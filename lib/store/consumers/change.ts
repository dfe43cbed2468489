/** Reads of consumers and of their look-up items. */
import type { Consumer } from "../../model/consumer.ts";
import type { Uuid } from "../../model/uuid.ts";
import { consumerKey, consumerOf } from "../items/consumer.ts";
import { allocationsPk, byClaim, type HeldAllocation, heldAllocationOf } from "../items/holder.ts";
import {
  IDLE_PARTITIONS,
  type IdleConsumer,
  idleConsumerOf,
  idlePk,
} from "../items/idle-consumer.ts";
import { fits } from "../items/keys.ts";
import {
  LEASE_PARTITIONS,
  type ListedLease,
  leasePk,
  listedLeaseOf,
  listedText,
} from "../items/leased-consumer.ts";
import {
  type ProjectConsumer,
  projectConsumerOf,
  projectPk,
  userPrefix,
} from "../items/project-consumer.ts";
import type { ItemReader, QueryOptions, Reader } from "../table/reader.ts";

export async function readConsumer(
  reader: ItemReader,
  consumer: Uuid,
): Promise<Consumer | undefined> {
  const key = consumerKey(consumer);
  const item = fits(key) ? await reader.get(key) : undefined;
  return item && consumerOf(item);
}

export async function readConsumers(
  reader: ItemReader,
  consumers: readonly Uuid[],
): Promise<Map<Uuid, Consumer>> {
  // No consumer has a key that DynamoDB does not take.
  const items = await reader.batchGet(consumers.map(consumerKey).filter(fits));
  return new Map(
    items.flatMap((item) => {
      if (item === undefined) return [];
      const consumer = consumerOf(item);
      return [[consumer.uuid, consumer] as const];
    }),
  );
}

/**
 * Leases of all partitions that are listed at a time up to `until` (milliseconds since 1970), in
 * the order of these, at most `limit` of each partition.
 */
export async function readListedLeases(
  reader: Reader,
  until: number,
  page: Pick<QueryOptions, "after" | "limit" | "eventual">,
): Promise<(ListedLease & { readonly sortKey: string })[]> {
  // Keys go on with the consumer: those of the next time sort after this text.
  const options = { ...page, until: listedText(until + 1) };
  const partitions = Array.from({ length: LEASE_PARTITIONS }, (_, partition) =>
    reader.query(leasePk(partition), options),
  );
  return (await Promise.all(partitions))
    .flat()
    .map((item) => ({ ...listedLeaseOf(item), sortKey: item.sk }))
    .sort((a, b) => (a.sortKey < b.sortKey ? -1 : 1));
}

/** The consumers with allocations on a provider, in the order in which these were last written. */
export async function readHolders(reader: Reader, provider: Uuid): Promise<HeldAllocation[]> {
  return (await reader.query(allocationsPk(provider))).map(heldAllocationOf).sort(byClaim);
}

/** The limits of a page of a project's consumers. */
export interface ProjectPage extends Pick<QueryOptions, "after" | "limit"> {
  readonly user: string | undefined;
}

/** The consumers of a project with their sort keys, in the order of these. */
export async function readProject(
  reader: Reader,
  project: string,
  { user, ...page }: ProjectPage,
): Promise<(ProjectConsumer & { readonly sortKey: string })[]> {
  const pk = projectPk(project);
  if (!fits({ pk, sk: "" })) return [];
  const prefix = user === undefined ? {} : { prefix: userPrefix(user) };
  const items = await reader.query(pk, { ...prefix, ...page });
  return items.map((item) => ({ ...projectConsumerOf(item), sortKey: item.sk }));
}

/** Idle consumers of all partitions, oldest first, at most `limit` of each partition. */
export async function readIdle(
  reader: Reader,
  page: Pick<QueryOptions, "after" | "limit">,
): Promise<(IdleConsumer & { readonly sortKey: string })[]> {
  const partitions = Array.from({ length: IDLE_PARTITIONS }, (_, partition) =>
    reader.query(idlePk(partition), page),
  );
  const items = (await Promise.all(partitions)).flat();
  return items
    .map((item) => ({ ...idleConsumerOf(item), sortKey: item.sk }))
    .sort((a, b) => (a.sortKey < b.sortKey ? -1 : 1));
}
