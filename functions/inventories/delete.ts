import { changing, noContent } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation, NO_CONTENT } from "../../lib/api/operation.ts";
import { nameParameter, uuidParameter } from "../../lib/api/path-parameters.ts";
import { InventoryInUse, InventoryNotFound } from "../../lib/model/refusals/inventories.ts";
import { ProviderNotFound } from "../../lib/model/refusals/providers.ts";
import { inventoryDeletion } from "../../lib/store/providers/inventories.ts";
import { requireState } from "../../lib/store/providers/known-state.ts";
import { WRITING } from "../../lib/store/table/connection.ts";

/** API reference, "Delete resource provider inventory". */
export const deleteOneInventory = defineOperation({
  id: "inventories/delete",
  summary: "Delete the inventory of one resource class",
  route: "DELETE /resource_providers/{uuid}/inventories/{resource_class}",
  params: { uuid: uuidParameter, resource_class: nameParameter },
  since: "1.0",
  rule: "placement:resource_providers:inventories:delete",
  access: WRITING,
  answers: NO_CONTENT,
  refusals: [ProviderNotFound, InventoryNotFound, InventoryInUse],
  async run({ params }, { store }) {
    const { uuid, resource_class: name } = params;
    const directory = await store.classes({ names: [name] });
    const id = directory.idOf(name);
    if (id === undefined) {
      await requireState(store, uuid);
      throw new InventoryNotFound(name, uuid, true);
    }
    return changing(inventoryDeletion(store, uuid, { id, name }), noContent);
  },
});

export const handler = lambda(deleteOneInventory);
