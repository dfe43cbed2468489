import { changing, noContent } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation, NO_CONTENT } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import { ProviderNotFound } from "../../lib/model/refusals/providers.ts";
import { traitsReplacement } from "../../lib/store/providers/traits.ts";
import { WRITING } from "../../lib/store/table/connection.ts";

/** API reference, "Delete resource provider traits": all of them, at any generation. */
export const deleteProviderTraits = defineOperation({
  id: "provider-traits/delete",
  summary: "Remove all traits of a resource provider",
  route: "DELETE /resource_providers/{uuid}/traits",
  params: { uuid: uuidParameter },
  since: "1.6",
  rule: "placement:resource_providers:traits:delete",
  access: WRITING,
  answers: NO_CONTENT,
  refusals: [ProviderNotFound],
  async run({ params }, { store }) {
    const { uuid } = params;
    const none = { uuid, generation: undefined, names: [], decide: () => [] };
    return changing(traitsReplacement(store, none), noContent);
  },
});

export const handler = lambda(deleteProviderTraits);
