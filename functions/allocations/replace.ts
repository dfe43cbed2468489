import { changing } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation, NO_CONTENT } from "../../lib/api/operation.ts";
import {
  AllocationClassNotFound,
  AllocationProviderNotFound,
  ClaimRefused,
  ConsumerGenerationConflict,
  MalformedConsumerUuid,
} from "../../lib/model/refusals/consumers.ts";
import { LeaseExpired, OtherLife } from "../../lib/model/refusals/leases.ts";
import { parseUuid, type Uuid } from "../../lib/model/uuid.ts";
import { allocationsReplacement } from "../../lib/store/allocations/claims.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { ChangeTooLarge } from "../../lib/store/table/refusals.ts";
import { LEASE_ANSWER_HEADERS, leasedNoContent } from "../shared/lease-answer.ts";
import { claimFrom } from "./claim.ts";
import { replaceBody } from "./schemas.ts";

/** @throws MalformedConsumerUuid */
function consumerUuid(text: string): Uuid {
  const consumer = parseUuid(text);
  if (consumer === undefined) throw new MalformedConsumerUuid(text);
  return consumer;
}

/** API reference, "Update allocations". */
export const replaceAllocations = defineOperation({
  id: "allocations/replace",
  summary: "Set what a consumer holds",
  route: "PUT /allocations/{consumer_uuid}",
  params: { consumer_uuid: consumerUuid },
  since: "1.0",
  rule: "placement:allocations:update",
  access: WRITING,
  body: replaceBody,
  takes: ["lease", "life"],
  answers: NO_CONTENT,
  answerHeaders: LEASE_ANSWER_HEADERS,
  refusals: [
    MalformedConsumerUuid,
    ConsumerGenerationConflict,
    OtherLife,
    LeaseExpired,
    AllocationProviderNotFound,
    AllocationClassNotFound,
    ClaimRefused,
    ChangeTooLarge,
  ],
  async run({ params, body, ...headers }, { store, configuration }) {
    const claim = claimFrom(params.consumer_uuid, body, configuration, headers);
    return changing(allocationsReplacement(store, [claim], { single: true }), leasedNoContent);
  },
});

export const handler = lambda(replaceAllocations);
