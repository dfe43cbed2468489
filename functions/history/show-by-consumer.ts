import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import { InvalidQuery } from "../../lib/api/refusals.ts";
import { consumerHistoryAnswers } from "./answers.ts";
import { historyPage } from "./page.ts";
import { historyQuery } from "./schemas.ts";

/** Our extension: its own changes, those of earlier lives too. */
export const showConsumerHistory = defineOperation({
  id: "history/show-by-consumer",
  summary: "Show what was changed of a consumer, by whom and why",
  route: "GET /consumers/{consumer_uuid}/history",
  params: { consumer_uuid: uuidParameter },
  since: "1.0",
  extension: true,
  rule: "placement:history:show",
  access: ["GetItem", "BatchGetItem", "Query"],
  query: historyQuery,
  answers: consumerHistoryAnswers,
  refusals: [InvalidQuery],
  async run({ params, ...request }, services) {
    return historyPage({ of: "consumer", subject: params.consumer_uuid }, request, services);
  },
});

export const handler = lambda(showConsumerHistory);
