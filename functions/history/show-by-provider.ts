import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import { InvalidQuery } from "../../lib/api/refusals.ts";
import { providerHistoryAnswers } from "./answers.ts";
import { historyPage } from "./page.ts";
import { historyQuery } from "./schemas.ts";

/** Our extension: its own changes: claims on it are those of their consumers. */
export const showProviderHistory = defineOperation({
  id: "history/show-by-provider",
  summary: "Show what was changed of a resource provider, by whom and why",
  route: "GET /resource_providers/{uuid}/history",
  params: { uuid: uuidParameter },
  since: "1.0",
  extension: true,
  rule: "placement:history:show",
  access: ["GetItem", "BatchGetItem", "Query"],
  query: historyQuery,
  answers: providerHistoryAnswers,
  refusals: [InvalidQuery],
  async run({ params, ...request }, services) {
    return historyPage({ of: "provider", subject: params.uuid }, request, services);
  },
});

export const handler = lambda(showProviderHistory);
