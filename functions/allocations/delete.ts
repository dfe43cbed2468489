import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation, NO_CONTENT, noContent } from "../../lib/api/operation.ts";
import { NoAllocations } from "../../lib/model/refusals/consumers.ts";
import { deleteAllocations } from "../../lib/store/allocations/claims.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { consumerIn } from "../shared/path-uuid.ts";

/** API reference, "Delete allocations". */
export const deleteConsumerAllocations = defineOperation({
  id: "allocations/delete",
  summary: "Release all that a consumer holds",
  route: "DELETE /allocations/{consumer_uuid}",
  since: "1.0",
  rule: "placement:allocations:delete",
  access: WRITING,
  answers: NO_CONTENT,
  refusals: [NoAllocations],
  async run({ params }, { store }) {
    await deleteAllocations(store, consumerIn(params));
    return noContent();
  },
});

export const handler = lambda(deleteConsumerAllocations);
