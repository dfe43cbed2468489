import { changing } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import {
  InvalidCapacity,
  InventoryExists,
  UnknownClassInInventory,
} from "../../lib/model/refusals/inventories.ts";
import { ProviderNotFound } from "../../lib/model/refusals/providers.ts";
import { inventoryCreation } from "../../lib/store/providers/inventories.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { requireProvider } from "../shared/require-provider.ts";
import { createAnswers } from "./answers.ts";
import { inventoryDocument } from "./document.ts";
import { checkCapacity } from "./rules.ts";
import { createBody, inventoryFrom } from "./schemas.ts";

/** API reference, "Create resource provider inventory". A generation in the body is ignored. */
export const createInventory = defineOperation({
  id: "inventories/create",
  summary: "Create the inventory of one resource class",
  route: "POST /resource_providers/{uuid}/inventories",
  params: { uuid: uuidParameter },
  since: "1.0",
  rule: "placement:resource_providers:inventories:create",
  access: WRITING,
  body: createBody,
  actsOn: (body) => [body.resource_class],
  subject: requireProvider,
  answers: createAnswers,
  refusals: [ProviderNotFound, UnknownClassInInventory, InvalidCapacity, InventoryExists],
  async run({ params, body, version }, { store }) {
    const { uuid } = params;
    const name = body.resource_class;
    const inventory = inventoryFrom(body);
    const creation = inventoryCreation(store, uuid, name, (directory) => {
      checkCapacity("create", { inventory, name, provider: uuid }, version);
      const id = directory.idOf(name);
      if (id === undefined) throw new UnknownClassInInventory("create", uuid, name);
      return { of: { id, name }, inventory };
    });
    return changing(creation, (state) => ({
      status: 201,
      headers: { location: `/resource_providers/${uuid}/inventories/${name}` },
      body: inventoryDocument(state.generation, inventory),
      lastModified: state.updated,
    }));
  },
});

export const handler = lambda(createInventory);
