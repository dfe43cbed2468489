import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation, NO_CONTENT, noContent } from "../../lib/api/operation.ts";
import {
  AllocationClassNotFound,
  AllocationProviderNotFound,
  ClaimRefused,
  ConsumerGenerationConflict,
  MalformedConsumerUuid,
} from "../../lib/model/refusals/consumers.ts";
import { parseUuid, type Uuid } from "../../lib/model/uuid.ts";
import { setAllocations } from "../../lib/store/allocations/claims.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { ChangeTooLarge } from "../../lib/store/table/refusals.ts";
import { claimFrom } from "./claim.ts";
import { type ReplaceBody, replaceBody } from "./schemas.ts";

/** @throws MalformedConsumerUuid */
function consumerOf(params: Readonly<Record<string, string>>): Uuid {
  const given = params["consumer_uuid"] ?? "";
  const consumer = parseUuid(given);
  if (consumer === undefined) throw new MalformedConsumerUuid(given);
  return consumer;
}

/** API reference, "Update allocations". */
export const replaceAllocations = defineOperation<ReplaceBody>({
  id: "allocations/replace",
  summary: "Set what a consumer holds",
  route: "PUT /allocations/{consumer_uuid}",
  since: "1.0",
  rule: "placement:allocations:update",
  access: WRITING,
  body: replaceBody,
  async subject({ params }) {
    consumerOf(params);
  },
  answers: NO_CONTENT,
  refusals: [
    MalformedConsumerUuid,
    ConsumerGenerationConflict,
    AllocationProviderNotFound,
    AllocationClassNotFound,
    ClaimRefused,
    ChangeTooLarge,
  ],
  async run({ params, body }, { store, configuration }) {
    const claim = claimFrom(consumerOf(params), body, configuration);
    await setAllocations(store, [claim], { single: true });
    return noContent();
  },
});

export const handler = lambda(replaceAllocations);
