import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { nameParameter, uuidParameter } from "../../lib/api/path-parameters.ts";
import { InventoryNotFound } from "../../lib/model/refusals/inventories.ts";
import { ProviderNotFound } from "../../lib/model/refusals/providers.ts";
import { readState } from "../../lib/store/providers/read.ts";
import { oneAnswers } from "./answers.ts";
import { inventoryDocument } from "./document.ts";
import { repeated } from "./words.ts";

/** API reference, "Show resource provider inventory". */
export const showInventory = defineOperation({
  id: "inventories/show",
  summary: "Show the inventory of one resource class",
  route: "GET /resource_providers/{uuid}/inventories/{resource_class}",
  params: { uuid: uuidParameter, resource_class: nameParameter },
  since: "1.0",
  rule: "placement:resource_providers:inventories:show",
  access: ["GetItem", "Query"],
  answers: oneAnswers,
  refusals: [ProviderNotFound, InventoryNotFound],
  async run({ params }, { store }) {
    const { uuid, resource_class: name } = params;
    const state = await readState(store, uuid);
    if (state === undefined) throw new ProviderNotFound(uuid, repeated);
    const directory = await store.classes({ names: [name] });
    const id = directory.idOf(name);
    const inventory = id === undefined ? undefined : state.inventories.get(id);
    if (inventory === undefined) throw new InventoryNotFound(name, uuid, false);
    const body = inventoryDocument(state.generation, inventory);
    return { status: 200, body, lastModified: state.updated };
  },
});

export const handler = lambda(showInventory);
