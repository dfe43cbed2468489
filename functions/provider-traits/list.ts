import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import { ProviderNotFound } from "../../lib/model/refusals/providers.ts";
import { readProvider } from "../../lib/store/providers/read.ts";
import { traitsAnswers } from "./answers.ts";
import { traitsDocument } from "./document.ts";

/** API reference, "List resource provider traits". */
export const listProviderTraits = defineOperation({
  id: "provider-traits/list",
  summary: "List a resource provider's traits",
  route: "GET /resource_providers/{uuid}/traits",
  params: { uuid: uuidParameter },
  since: "1.6",
  rule: "placement:resource_providers:traits:list",
  access: ["GetItem", "BatchGetItem", "Query"],
  answers: traitsAnswers,
  refusals: [ProviderNotFound],
  async run({ params }, { store }) {
    const { uuid } = params;
    const provider = await readProvider(store, uuid);
    if (provider === undefined) {
      throw new ProviderNotFound(uuid, (sentence) => `${sentence}: ${sentence}`);
    }
    const directory = await store.traits({ ids: provider.profile.traits });
    const body = traitsDocument(provider, directory);
    return { status: 200, body, lastModified: provider.profile.updated };
  },
});

export const handler = lambda(listProviderTraits);
