import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation, NO_CONTENT, noContent } from "../../lib/api/operation.ts";
import {
  ProviderHasChildren,
  ProviderInUse,
  ProviderNotFound,
} from "../../lib/model/refusals/providers.ts";
import { deleteProvider } from "../../lib/store/providers/delete.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { providerIn } from "../shared/path-uuid.ts";

/** API reference, "Delete resource provider". */
export const deleteResourceProvider = defineOperation({
  id: "resource-providers/delete",
  summary: "Delete a resource provider",
  route: "DELETE /resource_providers/{uuid}",
  since: "1.0",
  rule: "placement:resource_providers:delete",
  access: WRITING,
  answers: NO_CONTENT,
  refusals: [ProviderNotFound, ProviderHasChildren, ProviderInUse],
  async run({ params }, { store }) {
    await deleteProvider(store, providerIn(params));
    return noContent();
  },
});

export const handler = lambda(deleteResourceProvider);
