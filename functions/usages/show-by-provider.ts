import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import { ProviderNotFound } from "../../lib/model/refusals/providers.ts";
import { readState } from "../../lib/store/providers/read.ts";
import { byProviderAnswers } from "./answers.ts";
import { providerUsagesDocument } from "./document.ts";

/** API reference, "List resource provider usages": every class with inventory, zeros too. */
export const showProviderUsages = defineOperation({
  id: "usages/show-by-provider",
  summary: "Show the use of a resource provider",
  route: "GET /resource_providers/{uuid}/usages",
  params: { uuid: uuidParameter },
  since: "1.0",
  rule: "placement:resource_providers:usages",
  access: ["GetItem", "Query"],
  answers: byProviderAnswers,
  refusals: [ProviderNotFound],
  async run({ params }, { store, clock }) {
    const { uuid } = params;
    const state = await readState(store, uuid);
    if (state === undefined) {
      throw new ProviderNotFound(uuid, (sentence) => `${sentence}: ${sentence}`);
    }
    const directory = await store.classes({ ids: state.inventories.keys() });
    const body = providerUsagesDocument(state, directory);
    return { status: 200, body, lastModified: clock.now() };
  },
});

export const handler = lambda(showProviderUsages);
