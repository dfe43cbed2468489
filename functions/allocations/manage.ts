import { changing, noContent } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation, NO_CONTENT } from "../../lib/api/operation.ts";
import { entriesOf } from "../../lib/api/schemas.ts";
import {
  AllocationClassNotFound,
  AllocationProviderNotFound,
  ClaimRefused,
  ConsumerGenerationConflict,
} from "../../lib/model/refusals/consumers.ts";
import { allocationsReplacement } from "../../lib/store/allocations/claims.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { ChangeTooLarge } from "../../lib/store/table/refusals.ts";
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
  answers: NO_CONTENT,
  refusals: [
    ConsumerGenerationConflict,
    AllocationProviderNotFound,
    AllocationClassNotFound,
    ClaimRefused,
    ChangeTooLarge,
  ],
  async run({ body }, { store, configuration }) {
    const claims = entriesOf(body).map(([consumer, given]) =>
      claimFrom(consumer, given, configuration),
    );
    return changing(allocationsReplacement(store, claims, { single: false }), noContent);
  },
});

export const handler = lambda(manageAllocations);
