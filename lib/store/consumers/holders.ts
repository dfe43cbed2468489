/** The consumers with allocations on providers: in pages, and of many providers. */
import { storedUuid, type Uuid } from "../../model/uuid.ts";
import {
  allocationKey,
  allocationsPk,
  type HeldAllocation,
  heldAllocationOf,
} from "../items/holder.ts";
import { inParallel } from "../table/parallel.ts";
import type { Reader } from "../table/reader.ts";
import { readHolders } from "./change.ts";
import type { Page } from "./lists.ts";

export interface HoldersPage {
  readonly holders: readonly HeldAllocation[];
  /** The consumer to go on after; undefined on the last page. */
  readonly next: Uuid | undefined;
}

/** At most `limit` consumers of a provider, by their uuids, after that of the page before. */
export async function holdersPage(
  reader: Reader,
  provider: Uuid,
  { limit, after }: Page,
): Promise<HoldersPage> {
  const items = await reader.query(allocationsPk(provider), {
    // One more than `limit` shows whether there is a next page.
    limit: limit + 1,
    ...(after === undefined ? {} : { after: allocationKey(provider, storedUuid(after)).sk }),
  });
  const holders = items.slice(0, limit).map(heldAllocationOf);
  return { holders, next: items.length > limit ? holders.at(-1)?.consumer : undefined };
}

/**
 * The consumers of each provider, in the order of `GET /resource_providers/{uuid}/allocations`.
 * @param providers those with consumers only: each costs a query
 */
export async function readHoldersOfMany(
  reader: Reader,
  providers: readonly Uuid[],
): Promise<Map<Uuid, HeldAllocation[]>> {
  const found = new Map<Uuid, HeldAllocation[]>();
  await inParallel(providers, async (provider) => {
    found.set(provider, await readHolders(reader, provider));
  });
  return found;
}
