import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import { ProviderNotFound } from "../../lib/model/refusals/providers.ts";
import { readState } from "../../lib/store/providers/read.ts";
import { resourcesDocument } from "../shared/resources.ts";
import { byProviderAnswers } from "./answers.ts";

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
    const used = new Map([...state.inventories].map(([id, inventory]) => [id, inventory.used]));
    const directory = await store.classes({ ids: used.keys() });
    const body = {
      resource_provider_generation: state.generation,
      usages: resourcesDocument(used, directory),
    };
    return { status: 200, body, lastModified: clock.now() };
  },
});

export const handler = lambda(showProviderUsages);
