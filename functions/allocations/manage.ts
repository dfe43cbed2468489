import { changing } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation, NO_CONTENT } from "../../lib/api/operation.ts";
import { entriesOf } from "../../lib/api/schemas.ts";
import {
  AllocationClassNotFound,
  AllocationProviderNotFound,
  ClaimRefused,
  ConsumerGenerationConflict,
} from "../../lib/model/refusals/consumers.ts";
import { LeaseExpired } from "../../lib/model/refusals/leases.ts";
import { allocationsReplacement } from "../../lib/store/allocations/claims.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { ChangeTooLarge } from "../../lib/store/table/refusals.ts";
import { LEASE_ANSWER_HEADERS, leasedNoContent } from "../shared/lease-answer.ts";
import { claimFrom } from "./claim.ts";
import { manageBody } from "./schemas.ts";

/** API reference, "Manage allocations": many consumers at once, all or none. */
export const manageAllocations = defineOperation({
  id: "allocations/manage",
  summary: "Set what several consumers hold, atomically",
  route: "POST /allocations",
  since: "1.13",
  rule: "placement:allocations:manage",
  access: WRITING,
  body: manageBody,
  actsOn: (body) => Object.keys(body),
  takes: ["lease"],
  answers: NO_CONTENT,
  answerHeaders: LEASE_ANSWER_HEADERS,
  refusals: [
    ConsumerGenerationConflict,
    LeaseExpired,
    AllocationProviderNotFound,
    AllocationClassNotFound,
    ClaimRefused,
    ChangeTooLarge,
  ],
  async run({ body, ...headers }, { store, configuration }) {
    const claims = entriesOf(body).map(([consumer, given]) =>
      claimFrom(consumer, given, configuration, headers),
    );
    return changing(allocationsReplacement(store, claims, { single: false }), leasedNoContent);
  },
});

export const handler = lambda(manageAllocations);
