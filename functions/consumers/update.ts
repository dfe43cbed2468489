import { changing } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import {
  ConsumerGenerationConflict,
  ConsumerNotFound,
} from "../../lib/model/refusals/consumers.ts";
import { LeaseExpired, OtherLife } from "../../lib/model/refusals/leases.ts";
import { consumerUpdate } from "../../lib/store/consumers/records.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { ChangeTooLarge } from "../../lib/store/table/refusals.ts";
import { writtenType } from "../shared/shown-type.ts";
import { consumerAnswers } from "./answers.ts";
import { consumerAnswer } from "./document.ts";
import { requireConsumer } from "./require-consumer.ts";
import { updateBody } from "./schemas.ts";

/** Our extension: sets project, user and type; an omitted type stays as it is. */
export const updateConsumer = defineOperation({
  id: "consumers/update",
  summary: "Change whose a consumer is",
  route: "PUT /consumers/{consumer_uuid}",
  params: { consumer_uuid: uuidParameter },
  since: "1.0",
  extension: true,
  rule: "placement:consumers:update",
  access: WRITING,
  body: updateBody,
  subject: requireConsumer,
  takes: ["life"],
  answers: consumerAnswers,
  refusals: [ConsumerNotFound, OtherLife, ConsumerGenerationConflict, LeaseExpired, ChangeTooLarge],
  async run({ params, body, life }, { store }) {
    const { consumer_uuid: uuid } = params;
    const known = { uuid, generation: body.consumer_generation, life };
    const update = consumerUpdate(store, known, {
      project: body.project_id,
      user: body.user_id,
      type: writtenType(body.consumer_type),
    });
    return changing(update, consumerAnswer);
  },
});

export const handler = lambda(updateConsumer);
