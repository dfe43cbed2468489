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
import { consumerAnswers } from "./answers.ts";
import { consumerDocument } from "./document.ts";
import { requireConsumer } from "./require-consumer.ts";
import { type RaiseBody, raiseBody } from "./schemas.ts";

/** Our extension: a compare-and-set increment, for use as a fencing token. */
export const raiseConsumerGeneration = defineOperation<RaiseBody>({
  id: "consumers/raise-generation",
  summary: "Raise a consumer's generation by one",
  route: "POST /consumers/{consumer_uuid}/generation",
  since: "1.0",
  extension: true,
  rule: "placement:consumers:update",
  access: WRITING,
  body: raiseBody,
  subject: requireConsumer,
  answers: consumerAnswers,
  refusals: [ConsumerNotFound, ConsumerGenerationConflict, ChangeTooLarge],
  async run({ params, body }, { store }) {
    const uuid = consumerIn(params);
    const consumer = await changeConsumer(store, uuid, body.consumer_generation, {});
    return { status: 200, body: consumerDocument(consumer), lastModified: consumer.updated };
  },
});

export const handler = lambda(raiseConsumerGeneration);
