import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation, NO_CONTENT, noContent } from "../../lib/api/operation.ts";
import { ProviderNotFound } from "../../lib/model/refusals/providers.ts";
import { setTraits } from "../../lib/store/providers/traits.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { providerIn } from "../shared/path-uuid.ts";

/** API reference, "Delete resource provider traits": all of them, whatever the generation. */
export const deleteProviderTraits = defineOperation({
  id: "provider-traits/delete",
  summary: "Remove all traits of a resource provider",
  route: "DELETE /resource_providers/{uuid}/traits",
  since: "1.6",
  rule: "placement:resource_providers:traits:delete",
  access: WRITING,
  answers: NO_CONTENT,
  refusals: [ProviderNotFound],
  async run({ params }, { store }) {
    const uuid = providerIn(params);
    await setTraits(store, { uuid, generation: undefined, names: [], decide: () => [] });
    return noContent();
  },
});

export const handler = lambda(deleteProviderTraits);
