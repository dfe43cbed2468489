import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import { ProviderNotFound } from "../../lib/model/refusals/providers.ts";
import { readProvider } from "../../lib/store/providers/read.ts";
import { showAnswers } from "./answers.ts";
import { providerDocument } from "./document.ts";

/** API reference, "Show resource provider". */
export const showResourceProvider = defineOperation({
  id: "resource-providers/show",
  summary: "Show a resource provider",
  route: "GET /resource_providers/{uuid}",
  params: { uuid: uuidParameter },
  since: "1.0",
  rule: "placement:resource_providers:show",
  access: ["GetItem", "BatchGetItem"],
  answers: showAnswers,
  refusals: [ProviderNotFound],
  async run({ params, version }, { store }) {
    const { uuid } = params;
    const provider = await readProvider(store, uuid);
    if (provider === undefined) throw new ProviderNotFound(uuid);
    const body = providerDocument(provider, version);
    return { status: 200, body, lastModified: provider.state.updated };
  },
});

export const handler = lambda(showResourceProvider);
