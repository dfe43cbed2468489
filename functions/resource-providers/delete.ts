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
import { subtreeDeletion } from "../../lib/store/providers/delete-subtree.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { ChangeTooLarge } from "../../lib/store/table/refusals.ts";
import { deleteQuery } from "./schemas.ts";

/** API reference, "Delete resource provider"; with `subtree=true`, our extension, and all below it. */
export const deleteResourceProvider = defineOperation({
  id: "resource-providers/delete",
  summary: "Delete a resource provider",
  route: "DELETE /resource_providers/{uuid}",
  params: { uuid: uuidParameter },
  since: "1.0",
  rule: "placement:resource_providers:delete",
  access: WRITING,
  query: deleteQuery,
  answers: NO_CONTENT,
  refusals: [ProviderNotFound, ProviderHasChildren, ProviderInUse, ChangeTooLarge],
  async run({ params, query }, { store }) {
    const deletion = query.last()["subtree"] === "true" ? subtreeDeletion : providerDeletion;
    return changing(deletion(store, params.uuid), noContent);
  },
});

export const handler = lambda(deleteResourceProvider);
