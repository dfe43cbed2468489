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
import { consumerAnswers } from "./answers.ts";
import { consumerAnswer } from "./document.ts";
import { requireConsumer } from "./require-consumer.ts";
import { raiseBody } from "./schemas.ts";

/** Our extension: a compare-and-set increment, for use as a fencing token. */
export const raiseConsumerGeneration = defineOperation({
  id: "consumers/raise-generation",
  summary: "Raise a consumer's generation by one",
  route: "POST /consumers/{consumer_uuid}/generation",
  params: { consumer_uuid: uuidParameter },
  since: "1.0",
  extension: true,
  rule: "placement:consumers:update",
  access: WRITING,
  body: raiseBody,
  subject: requireConsumer,
  takes: ["life"],
  answers: consumerAnswers,
  refusals: [ConsumerNotFound, OtherLife, ConsumerGenerationConflict, LeaseExpired, ChangeTooLarge],
  async run({ params, body, life }, { store }) {
    const { consumer_uuid: uuid } = params;
    const known = { uuid, generation: body.consumer_generation, life };
    const update = consumerUpdate(store, known, {});
    return changing(update, consumerAnswer);
  },
});

export const handler = lambda(raiseConsumerGeneration);
