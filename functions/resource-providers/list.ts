import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { UnknownTraitsInQuery } from "../../lib/model/refusals/queries.ts";
import { listProviders } from "../../lib/store/providers/list.ts";
import { filterRefusals } from "../shared/filter-refusals.ts";
import { latest } from "../shared/latest.ts";
import { rulesOfIncludes } from "./include.ts";
import { listAnswers } from "./list-answers.ts";
import { listRequest } from "./list-request.ts";
import { isExtended, providersPage } from "./page.ts";
import { listQuery } from "./schemas.ts";
import { providersText } from "./text.ts";

/** API reference, "List resource providers". */
export const listResourceProviders = defineOperation({
  id: "resource-providers/list",
  summary: "List resource providers",
  route: "GET /resource_providers",
  since: "1.0",
  rule: "placement:resource_providers:list",
  access: ["GetItem", "BatchGetItem", "Query"],
  alsoRules: rulesOfIncludes,
  query: listQuery,
  answers: listAnswers,
  refusals: [...filterRefusals, UnknownTraitsInQuery],
  async run({ query, version }, services) {
    if (isExtended(query)) return providersPage({ query, version }, services);
    const { store, clock } = services;
    const request = await listRequest(store, query, version);
    const providers = await listProviders(store, request);
    const times = providers.map(({ state }) => state.updated);
    const text = providersText(providers, version);
    return { status: 200, text, lastModified: latest(times, clock) };
  },
});

export const handler = lambda(listResourceProviders);
