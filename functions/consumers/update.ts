import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import {
  ConsumerGenerationConflict,
  ConsumerNotFound,
} from "../../lib/model/refusals/consumers.ts";
import { changeConsumer } from "../../lib/store/consumers/records.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { ChangeTooLarge } from "../../lib/store/table/refusals.ts";
import { consumerIn } from "../shared/path-uuid.ts";
import { writtenType } from "../shared/shown-type.ts";
import { consumerAnswers } from "./answers.ts";
import { consumerDocument } from "./document.ts";
import { requireConsumer } from "./require-consumer.ts";
import { type UpdateBody, updateBody } from "./schemas.ts";

/** Our extension: project, user and type; a type that is left out stays as it is. */
export const updateConsumer = defineOperation<UpdateBody>({
  id: "consumers/update",
  summary: "Change whose a consumer is",
  route: "PUT /consumers/{consumer_uuid}",
  since: "1.0",
  extension: true,
  rule: "placement:consumers:update",
  access: WRITING,
  body: updateBody,
  subject: requireConsumer,
  answers: consumerAnswers,
  refusals: [ConsumerNotFound, ConsumerGenerationConflict, ChangeTooLarge],
  async run({ params, body }, { store }) {
    const uuid = consumerIn(params);
    const consumer = await changeConsumer(store, uuid, body.consumer_generation, {
      project: body.project_id,
      user: body.user_id,
      type: writtenType(body.consumer_type),
    });
    return { status: 200, body: consumerDocument(consumer), lastModified: consumer.updated };
  },
});

export const handler = lambda(updateConsumer);
