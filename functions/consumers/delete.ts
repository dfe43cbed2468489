import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation, NO_CONTENT, noContent } from "../../lib/api/operation.ts";
import {
  ConsumerGenerationConflict,
  ConsumerHoldsAllocations,
  ConsumerNotFound,
} from "../../lib/model/refusals/consumers.ts";
import { deleteConsumer } from "../../lib/store/consumers/records.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { consumerIn } from "../shared/path-uuid.ts";
import { deleteQuery } from "./schemas.ts";

/** Our extension: only a consumer that holds nothing is deleted. */
export const deleteOneConsumer = defineOperation({
  id: "consumers/delete",
  summary: "Delete a consumer that holds nothing",
  route: "DELETE /consumers/{consumer_uuid}",
  since: "1.0",
  extension: true,
  rule: "placement:consumers:delete",
  access: WRITING,
  query: deleteQuery,
  answers: NO_CONTENT,
  refusals: [ConsumerNotFound, ConsumerGenerationConflict, ConsumerHoldsAllocations],
  async run({ params, query }, { store }) {
    const generation = Number(query.last()["generation"]);
    await deleteConsumer(store, consumerIn(params), generation);
    return noContent();
  },
});

export const handler = lambda(deleteOneConsumer);
