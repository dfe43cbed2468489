import { changing, noContent } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation, NO_CONTENT } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import {
  ConsumerGenerationConflict,
  ConsumerHoldsAllocations,
  ConsumerNotFound,
} from "../../lib/model/refusals/consumers.ts";
import { OtherLife } from "../../lib/model/refusals/leases.ts";
import { consumerDeletion } from "../../lib/store/consumers/records.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { deleteQuery } from "./schemas.ts";

/** Our extension: deletes a consumer that holds nothing. */
export const deleteOneConsumer = defineOperation({
  id: "consumers/delete",
  summary: "Delete a consumer that holds nothing",
  route: "DELETE /consumers/{consumer_uuid}",
  params: { consumer_uuid: uuidParameter },
  since: "1.0",
  extension: true,
  rule: "placement:consumers:delete",
  access: WRITING,
  query: deleteQuery,
  takes: ["life"],
  answers: NO_CONTENT,
  refusals: [ConsumerNotFound, OtherLife, ConsumerGenerationConflict, ConsumerHoldsAllocations],
  async run({ params, query, life }, { store }) {
    const generation = Number(query.last()["generation"]);
    const known = { uuid: params.consumer_uuid, generation, life };
    return changing(consumerDeletion(store, known), noContent);
  },
});

export const handler = lambda(deleteOneConsumer);
