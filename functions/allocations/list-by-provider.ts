import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import { ProviderNotFound } from "../../lib/model/refusals/providers.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { readHolders } from "../../lib/store/consumers/change.ts";
import { holdersPage } from "../../lib/store/consumers/holders.ts";
import { readState } from "../../lib/store/providers/read.ts";
import type { Reader } from "../../lib/store/table/reader.ts";
import { latest } from "../shared/latest.ts";
import { markerOf, type PageRequest, pageAskedFor } from "../shared/paging.ts";
import { listByProviderAnswers } from "./answers.ts";
import { holdersDocument, idsOf } from "./document.ts";
import { listByProviderQuery } from "./schemas.ts";

/** A position among the consumers of a provider: the last of them. */
const PLACE = /^[0-9a-fA-F-]{36}$/;

/**
 * API reference, "List resource provider allocations"; in pages, our extension, by the uuids of
 * the consumers. The provider's generation is read before the allocations: allocations that are
 * newer than it can only make a later compare-and-set fail.
 */
export const listProviderAllocations = defineOperation({
  id: "allocations/list-by-provider",
  summary: "List who holds what on a resource provider",
  route: "GET /resource_providers/{uuid}/allocations",
  params: { uuid: uuidParameter },
  since: "1.0",
  rule: "placement:resource_providers:allocations:list",
  access: ["GetItem", "Query"],
  query: listByProviderQuery,
  answers: listByProviderAnswers,
  refusals: [ProviderNotFound],
  async run({ params, query, version }, { store, clock }) {
    const { uuid } = params;
    const page = pageAskedFor(query, PLACE);
    const { state, holders, next } = await store.list(async (reader) => {
      const found = await readState(reader, uuid);
      return { state: found, ...(found ? await holdersOf(reader, uuid, page) : NOBODY) };
    });
    if (state === undefined) {
      const words = (sentence: string) => `Resource provider '${uuid}' not found: ${sentence}`;
      throw new ProviderNotFound(uuid, words);
    }
    const directory = await store.classes({ ids: idsOf(holders) });
    const body = {
      ...holdersDocument({ holders, state, directory }, version),
      ...(page === undefined ? {} : { next_marker: markerOf(next) }),
    };
    const times = holders.map(({ updated }) => updated);
    return { status: 200, body, lastModified: latest(times, clock) };
  },
});

const NOBODY = { holders: [], next: undefined };

async function holdersOf(reader: Reader, provider: Uuid, page: PageRequest | undefined) {
  if (page !== undefined) return holdersPage(reader, provider, page);
  return { holders: await readHolders(reader, provider), next: undefined };
}

export const handler = lambda(listProviderAllocations);
