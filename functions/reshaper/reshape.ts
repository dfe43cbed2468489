import { changing, noContent } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation, NO_CONTENT } from "../../lib/api/operation.ts";
import { entriesOf } from "../../lib/api/schemas.ts";
import {
  AllocationProviderNotFound,
  ClaimRefused,
  ConsumerGenerationConflict,
} from "../../lib/model/refusals/consumers.ts";
import { InventoriesInUse } from "../../lib/model/refusals/inventories.ts";
import {
  ReshapeClassNotFound,
  ReshapeGenerationConflict,
  ReshapeProviderNotFound,
} from "../../lib/model/refusals/reshaper.ts";
import { reshaping } from "../../lib/store/allocations/reshape.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { ChangeTooLarge } from "../../lib/store/table/refusals.ts";
import { claimFrom } from "../allocations/claim.ts";
import { inventoryFrom } from "../inventories/schemas.ts";
import { reshapeBody } from "./schemas.ts";

/** API reference, "Reshaper": inventories and allocations move together, all or none. */
export const reshapeProviders = defineOperation({
  id: "reshaper/reshape",
  summary: "Move inventories and allocations of many providers atomically",
  route: "POST /reshaper",
  since: "1.30",
  rule: "placement:reshaper:reshape",
  access: WRITING,
  body: reshapeBody,
  actsOn: ({ inventories, allocations }) =>
    alternating(Object.keys(inventories), Object.keys(allocations)),
  answers: NO_CONTENT,
  refusals: [
    ReshapeProviderNotFound,
    ReshapeGenerationConflict,
    ConsumerGenerationConflict,
    AllocationProviderNotFound,
    ReshapeClassNotFound,
    ClaimRefused,
    InventoriesInUse,
    ChangeTooLarge,
  ],
  async run({ body }, { store, configuration }) {
    const change = reshaping(store, {
      inventories: entriesOf(body.inventories).map(([provider, given]) => ({
        provider,
        generation: given.resource_provider_generation,
        inventories: new Map(
          Object.entries(given.inventories).map(([name, each]) => [name, inventoryFrom(each)]),
        ),
      })),
      claims: entriesOf(body.allocations).map(([consumer, given]) =>
        claimFrom(consumer, given, configuration),
      ),
    });
    return changing(change, noContent);
  },
});

/** A list that is cut off at the end still contains names of both kinds. */
function alternating(providers: readonly string[], consumers: readonly string[]): string[] {
  const length = Math.max(providers.length, consumers.length);
  const pairs = Array.from({ length }, (_, index) => [providers[index], consumers[index]]);
  return pairs.flat().filter((each) => each !== undefined);
}

export const handler = lambda(reshapeProviders);
