import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import type { Consumer } from "../../lib/model/consumer.ts";
import { type Minor, minor } from "../../lib/model/microversion.ts";
import { readHoldings } from "../../lib/store/consumers/change.ts";
import { resourcesDocument } from "../shared/resources.ts";
import { shownType } from "../shared/shown-type.ts";
import { showAnswers } from "./answers.ts";

/** API reference, "List allocations": an unknown consumer holds nothing. */
export const showAllocations = defineOperation({
  id: "allocations/show",
  summary: "Show what a consumer holds",
  route: "GET /allocations/{consumer_uuid}",
  params: { consumer_uuid: uuidParameter },
  since: "1.0",
  rule: "placement:allocations:list",
  access: ["GetItem", "BatchGetItem", "Query"],
  answers: showAnswers,
  refusals: [],
  async run({ params, version }, { store, clock }) {
    const holdings = await readHoldings(store, params.consumer_uuid);
    if (holdings === undefined) {
      return { status: 200, body: { allocations: {} }, lastModified: clock.now() };
    }
    const { consumer, generations } = holdings;
    const ids = [...consumer.allocations.values()].flatMap((amounts) => [...amounts.keys()]);
    const directory = await store.classes({ ids });
    const allocations = [...consumer.allocations].map(([provider, amounts]) => [
      provider,
      {
        resources: resourcesDocument(amounts, directory),
        generation: generations.get(provider),
      },
    ]);
    const body = { allocations: Object.fromEntries(allocations), ...owner(consumer, version) };
    return { status: 200, body, lastModified: consumer.updated };
  },
});

function owner(consumer: Consumer, version: Minor) {
  return {
    ...(version >= minor("1.12") ? { project_id: consumer.project, user_id: consumer.user } : {}),
    ...(version >= minor("1.28") ? { consumer_generation: consumer.generation } : {}),
    ...(version >= minor("1.38") ? { consumer_type: shownType(consumer.type) } : {}),
  };
}

export const handler = lambda(showAllocations);
