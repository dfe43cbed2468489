import { changing } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { ConsumerExists } from "../../lib/model/refusals/consumers.ts";
import { consumerCreation } from "../../lib/store/consumers/records.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { LEASE_ANSWER_HEADERS, leaseHeaders } from "../shared/lease-answer.ts";
import { writtenType } from "../shared/shown-type.ts";
import { createAnswers } from "./answers.ts";
import { consumerDocument, consumerPath } from "./document.ts";
import { createBody } from "./schemas.ts";

/** Our extension: creates a consumer of generation 0 that holds nothing yet. */
export const createOneConsumer = defineOperation({
  id: "consumers/create",
  summary: "Create a consumer that holds nothing yet",
  route: "POST /consumers",
  since: "1.0",
  extension: true,
  rule: "placement:consumers:create",
  access: WRITING,
  body: createBody,
  actsOn: ({ uuid }) => (uuid === undefined ? [] : [uuid]),
  takes: ["lease"],
  answers: createAnswers,
  answerHeaders: LEASE_ANSWER_HEADERS,
  refusals: [ConsumerExists],
  async run({ body, lease }, { store }) {
    const creation = consumerCreation(store, {
      uuid: body.uuid ?? store.random.uuid(),
      project: body.project_id,
      user: body.user_id,
      type: writtenType(body.consumer_type) ?? null,
      lease,
    });
    return changing(creation, (consumer) => ({
      status: 201,
      headers: { location: consumerPath(consumer.uuid), ...leaseHeaders(consumer) },
      body: consumerDocument(consumer),
      lastModified: consumer.updated,
    }));
  },
});

export const handler = lambda(createOneConsumer);
