import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation, NO_CONTENT, noContent } from "../../lib/api/operation.ts";
import { InventoryInUse, InventoryNotFound } from "../../lib/model/refusals/inventories.ts";
import { ProviderNotFound } from "../../lib/model/refusals/providers.ts";
import { deleteInventory, requireState } from "../../lib/store/providers/inventories.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { providerIn } from "../shared/path-uuid.ts";

/** API reference, "Delete resource provider inventory". */
export const deleteOneInventory = defineOperation({
  id: "inventories/delete",
  summary: "Delete the inventory of one resource class",
  route: "DELETE /resource_providers/{uuid}/inventories/{resource_class}",
  since: "1.0",
  rule: "placement:resource_providers:inventories:delete",
  access: WRITING,
  answers: NO_CONTENT,
  refusals: [ProviderNotFound, InventoryNotFound, InventoryInUse],
  async run({ params }, { store }) {
    const uuid = providerIn(params);
    const name = params["resource_class"] ?? "";
    const directory = await store.classes({ names: [name] });
    const id = directory.idOf(name);
    if (id === undefined) {
      await requireState(store, uuid);
      throw new InventoryNotFound(name, uuid, true);
    }
    await deleteInventory(store, uuid, { id, name });
    return noContent();
  },
});

export const handler = lambda(deleteOneInventory);
