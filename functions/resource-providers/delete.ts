import { changing, noContent } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation, NO_CONTENT } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import {
  ProviderHasChildren,
  ProviderInUse,
  ProviderNotFound,
} from "../../lib/model/refusals/providers.ts";
import { providerDeletion } from "../../lib/store/providers/delete.ts";
import { WRITING } from "../../lib/store/table/connection.ts";

/** API reference, "Delete resource provider". */
export const deleteResourceProvider = defineOperation({
  id: "resource-providers/delete",
  summary: "Delete a resource provider",
  route: "DELETE /resource_providers/{uuid}",
  params: { uuid: uuidParameter },
  since: "1.0",
  rule: "placement:resource_providers:delete",
  access: WRITING,
  answers: NO_CONTENT,
  refusals: [ProviderNotFound, ProviderHasChildren, ProviderInUse],
  async run({ params }, { store }) {
    return changing(providerDeletion(store, params.uuid), noContent);
  },
});

export const handler = lambda(deleteResourceProvider);
