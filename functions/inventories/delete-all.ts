import { changing, noContent } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation, NO_CONTENT } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import { InventoriesInUse } from "../../lib/model/refusals/inventories.ts";
import { ProviderNotFound } from "../../lib/model/refusals/providers.ts";
import { inventoriesDeletion } from "../../lib/store/providers/inventories.ts";
import { WRITING } from "../../lib/store/table/connection.ts";

/** API reference, "Delete resource provider inventories". */
export const deleteAllInventories = defineOperation({
  id: "inventories/delete-all",
  summary: "Delete all inventories of a resource provider",
  route: "DELETE /resource_providers/{uuid}/inventories",
  params: { uuid: uuidParameter },
  since: "1.5",
  missingStatus: 405,
  rule: "placement:resource_providers:inventories:delete",
  access: WRITING,
  answers: NO_CONTENT,
  refusals: [ProviderNotFound, InventoriesInUse],
  async run({ params }, { store }) {
    return changing(inventoriesDeletion(store, params.uuid), noContent);
  },
});

export const handler = lambda(deleteAllInventories);
