/** A provider's tree, what shares with it, and who holds what on it. */
import type { PlacementClient } from "../../lib/client/client.ts";
import { INCLUDED, type Listed, type Provider, providerOf, SHARES } from "../model/provider.ts";

export interface Holder {
  readonly consumer: string;
  readonly provider: string;
  readonly resources: Readonly<Record<string, number>>;
}

export interface ProviderTree {
  readonly providers: readonly Provider[];
  readonly sharing: readonly Provider[];
  readonly holders: readonly Holder[];
  /** There are more holders than are shown. */
  readonly isCut: boolean;
}

/** Pages of a tree, with 20,000 holders together each at most. */
const MAX_PAGES = 20;

/** @returns undefined if there is no such provider */
export async function readTree(
  client: PlacementClient<"1.39">,
  uuid: string,
): Promise<ProviderTree | undefined> {
  const { pages, isCut } = await listed(client, uuid);
  const providers = pages.map(providerOf);
  if (!providers.some((each) => each.uuid === uuid)) return undefined;
  const holders = pages.flatMap(({ uuid: provider, included }) =>
    Object.entries(included?.allocations?.allocations ?? {}).map(([consumer, { resources }]) => ({
      ...{ consumer, provider, resources },
    })),
  );
  return { providers, sharing: await readSharing(client, providers), holders, isCut };
}

async function listed(client: PlacementClient<"1.39">, uuid: string) {
  const pages: Listed[] = [];
  let marker: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { body } = await client.call("resource-providers/list", {
      parameters: { in_tree: uuid, include: `${INCLUDED},allocations`, limit: "200", marker },
    });
    pages.push(...body.resource_providers);
    marker = body.next_marker ?? undefined;
    if (marker === undefined) return { pages, isCut: false };
  }
  return { pages, isCut: true };
}

/** Aggregates of one question; more than any tree has. */
const MAX_AGGREGATES = 100;

async function readSharing(client: PlacementClient<"1.39">, tree: readonly Provider[]) {
  const own = [...new Set(tree.flatMap(({ aggregates }) => aggregates))].slice(0, MAX_AGGREGATES);
  if (own.length === 0) return [];
  const { body } = await client.call("resource-providers/list", {
    parameters: { member_of: `in:${own.join(",")}`, required: SHARES, include: INCLUDED },
  });
  const inTree = new Set(tree.map(({ uuid }) => uuid));
  return body.resource_providers.map(providerOf).filter(({ uuid }) => !inTree.has(uuid));
}
