import { changing } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import type { Inventory } from "../../lib/model/inventory.ts";
import {
  InvalidCapacity,
  InventoriesInUse,
  UnknownClassInInventory,
} from "../../lib/model/refusals/inventories.ts";
import {
  ProviderGenerationConflict,
  ProviderNotFound,
} from "../../lib/model/refusals/providers.ts";
import type { ClassId } from "../../lib/model/standard-classes.ts";
import { inventoriesReplacement } from "../../lib/store/providers/inventories.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { requireProvider } from "../shared/require-provider.ts";
import { allAnswers } from "./answers.ts";
import { inventoriesDocument, inventoriesModified } from "./document.ts";
import { checkCapacity } from "./rules.ts";
import { inventoryFrom, replaceBody } from "./schemas.ts";

/** API reference, "Update resource provider inventories". */
export const replaceAllInventories = defineOperation({
  id: "inventories/replace",
  summary: "Replace all inventories of a resource provider",
  route: "PUT /resource_providers/{uuid}/inventories",
  params: { uuid: uuidParameter },
  since: "1.0",
  rule: "placement:resource_providers:inventories:update",
  access: WRITING,
  body: replaceBody,
  subject: requireProvider,
  answers: allAnswers,
  refusals: [
    ProviderNotFound,
    ProviderGenerationConflict,
    UnknownClassInInventory,
    InvalidCapacity,
    InventoriesInUse,
  ],
  async run({ params, body, version }, { store }) {
    const { uuid } = params;
    const generation = body.resource_provider_generation;
    const given = Object.entries(body.inventories).map(
      ([name, record]) => [name, inventoryFrom(record)] as const,
    );
    const names = given.map(([name]) => name);
    const replacement = inventoriesReplacement(store, uuid, { generation, names }, (known) => {
      const wanted = new Map<ClassId, Inventory>();
      for (const [name, inventory] of given) {
        checkCapacity("update", { inventory, name, provider: uuid }, version);
      }
      for (const [name, inventory] of given) {
        const id = known.idOf(name);
        if (id === undefined) throw new UnknownClassInInventory("replace", uuid, name);
        wanted.set(id, inventory);
      }
      return wanted;
    });
    return changing(replacement, ({ state, directory }) => {
      const document = inventoriesDocument(state, directory);
      return { status: 200, body: document, lastModified: inventoriesModified(state) };
    });
  },
});

export const handler = lambda(replaceAllInventories);
