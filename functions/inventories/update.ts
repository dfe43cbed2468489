import { changing } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { nameParameter, uuidParameter } from "../../lib/api/path-parameters.ts";
import { ClassNotFound } from "../../lib/model/refusals/classes.ts";
import { InvalidCapacity, InventoryMissing } from "../../lib/model/refusals/inventories.ts";
import {
  ProviderGenerationConflict,
  ProviderNotFound,
} from "../../lib/model/refusals/providers.ts";
import { inventoryUpdate } from "../../lib/store/providers/inventories.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { requireProvider } from "../shared/require-provider.ts";
import { oneAnswers } from "./answers.ts";
import { inventoryDocument } from "./document.ts";
import { checkCapacity } from "./rules.ts";
import { inventoryFrom, updateBody } from "./schemas.ts";

/** API reference, "Update resource provider inventory". */
export const updateOneInventory = defineOperation({
  id: "inventories/update",
  summary: "Update the inventory of one resource class",
  route: "PUT /resource_providers/{uuid}/inventories/{resource_class}",
  params: { uuid: uuidParameter, resource_class: nameParameter },
  since: "1.0",
  rule: "placement:resource_providers:inventories:update",
  access: WRITING,
  body: updateBody,
  subject: requireProvider,
  answers: oneAnswers,
  refusals: [
    ProviderNotFound,
    ProviderGenerationConflict,
    ClassNotFound,
    InvalidCapacity,
    InventoryMissing,
  ],
  async run({ params, body, version }, { store }) {
    const { uuid, resource_class: name } = params;
    const generation = body.resource_provider_generation;
    const inventory = inventoryFrom(body);
    const directory = await store.classes({ names: [name] });
    const update = inventoryUpdate(store, uuid, generation, () => {
      checkCapacity("update", { inventory, name, provider: uuid }, version);
      const id = directory.idOf(name);
      if (id === undefined) throw new ClassNotFound(name);
      return { of: { id, name }, inventory };
    });
    return changing(update, (state) => {
      const document = inventoryDocument(state.generation, inventory);
      return { status: 200, body: document, lastModified: state.updated };
    });
  },
});

export const handler = lambda(updateOneInventory);
