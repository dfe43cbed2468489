/** Reading consumers, and what they are looked up by. */
import type { Consumer } from "../model/consumer.ts";
import type { Uuid } from "../model/uuid.ts";
import {
  consumerOf,
  type HeldAllocation,
  heldAllocationOf,
  type IdleConsumer,
  idleConsumerOf,
  type ProjectConsumer,
  projectConsumerOf,
} from "./consumer-items.ts";
import {
  allocationsPk,
  consumerKey,
  fits,
  IDLE_PARTITIONS,
  idlePk,
  projectPk,
  userPrefix,
} from "./keys.ts";
import type { QueryOptions, Store } from "./store.ts";

export async function readConsumer(store: Store, consumer: string): Promise<Consumer | undefined> {
  const key = consumerKey(consumer);
  const item = fits(key) ? await store.get(key) : undefined;
  return item && consumerOf(item);
}

export async function readConsumers(
  store: Store,
  consumers: readonly string[],
): Promise<Map<Uuid, Consumer>> {
  const items = await store.batchGet(consumers.map(consumerKey));
  return new Map(
    items.flatMap((item) => {
      if (item === undefined) return [];
      const consumer = consumerOf(item);
      return [[consumer.uuid, consumer] as const];
    }),
  );
}

/** Who holds allocations on a provider. */
export async function readHolders(store: Store, provider: Uuid): Promise<HeldAllocation[]> {
  return (await store.query(allocationsPk(provider))).map(heldAllocationOf);
}

/** Where a page of a project's consumers begins and ends. */
export interface ProjectPage extends Pick<QueryOptions, "after" | "limit"> {
  readonly user: string | undefined;
}

/** The consumers of a project, with the sort key of each, in the order of these. */
export async function readProject(
  store: Store,
  project: string,
  { user, ...page }: ProjectPage,
): Promise<(ProjectConsumer & { readonly sortKey: string })[]> {
  const pk = projectPk(project);
  if (!fits({ pk, sk: "" })) return [];
  const prefix = user === undefined ? {} : { prefix: userPrefix(user) };
  const items = await store.query(pk, { ...prefix, ...page });
  return items.map((item) => ({ ...projectConsumerOf(item), sortKey: item.sk }));
}

/** Idle consumers of all partitions, oldest first, `limit` of each partition at most. */
export async function readIdle(
  store: Store,
  page: Pick<QueryOptions, "after" | "limit">,
): Promise<(IdleConsumer & { readonly sortKey: string })[]> {
  const partitions = Array.from({ length: IDLE_PARTITIONS }, (_, partition) =>
    store.query(idlePk(partition), page),
  );
  const items = (await Promise.all(partitions)).flat();
  return items
    .map((item) => ({ ...idleConsumerOf(item), sortKey: item.sk }))
    .sort((a, b) => (a.sortKey < b.sortKey ? -1 : 1));
}
