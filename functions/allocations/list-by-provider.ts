import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import { minor } from "../../lib/model/microversion.ts";
import { ProviderNotFound } from "../../lib/model/refusals/providers.ts";
import { readHolders } from "../../lib/store/consumers/change.ts";
import { readState } from "../../lib/store/providers/read.ts";
import { latest } from "../shared/latest.ts";
import { resourcesDocument } from "../shared/resources.ts";
import { listByProviderAnswers } from "./answers.ts";

/**
 * API reference, "List resource provider allocations". The provider's generation is read
 * before the allocations: allocations that are newer than it can only make a later
 * compare-and-set fail.
 */
export const listProviderAllocations = defineOperation({
  id: "allocations/list-by-provider",
  summary: "List who holds what on a resource provider",
  route: "GET /resource_providers/{uuid}/allocations",
  params: { uuid: uuidParameter },
  since: "1.0",
  rule: "placement:resource_providers:allocations:list",
  access: ["GetItem", "Query"],
  answers: listByProviderAnswers,
  refusals: [ProviderNotFound],
  async run({ params, version }, { store, clock }) {
    const { uuid } = params;
    const { state, holders } = await store.list(async (reader) => {
      const found = await readState(reader, uuid);
      return { state: found, holders: found ? await readHolders(reader, uuid) : [] };
    });
    if (state === undefined) {
      const words = (sentence: string) => `Resource provider '${uuid}' not found: ${sentence}`;
      throw new ProviderNotFound(uuid, words);
    }
    const ids = holders.flatMap(({ amounts }) => [...amounts.keys()]);
    const directory = await store.classes({ ids });
    const allocations = holders.map(({ consumer, consumerGeneration, amounts }) => [
      consumer,
      {
        resources: resourcesDocument(amounts, directory),
        ...(version >= minor("1.28") ? { consumer_generation: consumerGeneration } : {}),
      },
    ]);
    const body = {
      allocations: Object.fromEntries(allocations),
      resource_provider_generation: state.generation,
    };
    const times = holders.map(({ updated }) => updated);
    return { status: 200, body, lastModified: latest(times, clock) };
  },
});

export const handler = lambda(listProviderAllocations);
