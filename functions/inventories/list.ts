import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import { ProviderNotFound } from "../../lib/model/refusals/providers.ts";
import { readState } from "../../lib/store/providers/read.ts";
import { allAnswers } from "./answers.ts";
import { inventoriesDocument, inventoriesModified } from "./document.ts";
import { repeated } from "./words.ts";

/** API reference, "List resource provider inventories". */
export const listInventories = defineOperation({
  id: "inventories/list",
  summary: "List the inventories of a resource provider",
  route: "GET /resource_providers/{uuid}/inventories",
  params: { uuid: uuidParameter },
  since: "1.0",
  rule: "placement:resource_providers:inventories:list",
  access: ["GetItem", "Query"],
  answers: allAnswers,
  refusals: [ProviderNotFound],
  async run({ params }, { store }) {
    const { uuid } = params;
    const state = await readState(store, uuid);
    if (state === undefined) throw new ProviderNotFound(uuid, repeated);
    const directory = await store.classes({ ids: state.inventories.keys() });
    const body = inventoriesDocument(state, directory);
    return { status: 200, body, lastModified: inventoriesModified(state) };
  },
});

export const handler = lambda(listInventories);
