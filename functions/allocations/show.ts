import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import { readHoldings } from "../../lib/store/consumers/holdings.ts";
import { showAnswers } from "./answers.ts";
import { classesOf, holdingsDocument, NOTHING_HELD } from "./document.ts";

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
      return { status: 200, body: NOTHING_HELD, lastModified: clock.now() };
    }
    const { consumer } = holdings;
    const directory = await store.classes({ ids: classesOf(consumer) });
    const body = holdingsDocument(holdings, directory, version);
    return { status: 200, body, lastModified: consumer.updated };
  },
});

export const handler = lambda(showAllocations);
