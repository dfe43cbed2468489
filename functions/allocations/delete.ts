import { changing, noContent } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation, NO_CONTENT } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import { NoAllocations } from "../../lib/model/refusals/consumers.ts";
import { OtherLife } from "../../lib/model/refusals/leases.ts";
import { allocationsDeletion } from "../../lib/store/allocations/claims.ts";
import { WRITING } from "../../lib/store/table/connection.ts";

/** API reference, "Delete allocations". */
export const deleteConsumerAllocations = defineOperation({
  id: "allocations/delete",
  summary: "Release all that a consumer holds",
  route: "DELETE /allocations/{consumer_uuid}",
  params: { consumer_uuid: uuidParameter },
  since: "1.0",
  rule: "placement:allocations:delete",
  access: WRITING,
  takes: ["life"],
  answers: NO_CONTENT,
  refusals: [NoAllocations, OtherLife],
  async run({ params, life }, { store }) {
    return changing(allocationsDeletion(store, params.consumer_uuid, life), noContent);
  },
});

export const handler = lambda(deleteConsumerAllocations);
