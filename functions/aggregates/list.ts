import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import { ProviderNotFound } from "../../lib/model/refusals/providers.ts";
import { readProvider } from "../../lib/store/providers/read.ts";
import { aggregatesAnswers } from "./answers.ts";
import { providerAggregatesDocument } from "./document.ts";

/** API reference, "List resource provider aggregates". */
export const listAggregates = defineOperation({
  id: "aggregates/list",
  summary: "List a resource provider's aggregates",
  route: "GET /resource_providers/{uuid}/aggregates",
  params: { uuid: uuidParameter },
  since: "1.1",
  rule: "placement:resource_providers:aggregates:list",
  access: ["GetItem", "BatchGetItem"],
  answers: aggregatesAnswers,
  refusals: [ProviderNotFound],
  async run({ params, version }, { store, clock }) {
    const { uuid } = params;
    const provider = await readProvider(store, uuid);
    if (provider === undefined) throw new ProviderNotFound(uuid);
    const body = providerAggregatesDocument(provider, version);
    return { status: 200, body, lastModified: clock.now() };
  },
});

export const handler = lambda(listAggregates);
