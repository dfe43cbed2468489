import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { ConsumerNotFound } from "../../lib/model/refusals/consumers.ts";
import { readConsumer } from "../../lib/store/consumers/change.ts";
import { consumerIn } from "../shared/path-uuid.ts";
import { consumerAnswers } from "./answers.ts";
import { consumerDocument } from "./document.ts";

/** Our extension: whose a consumer is, at which generation. */
export const showConsumer = defineOperation({
  id: "consumers/show",
  summary: "Show a consumer",
  route: "GET /consumers/{consumer_uuid}",
  since: "1.0",
  extension: true,
  rule: "placement:consumers:show",
  access: ["GetItem"],
  answers: consumerAnswers,
  refusals: [ConsumerNotFound],
  async run({ params }, { store }) {
    const uuid = consumerIn(params);
    const consumer = await readConsumer(store, uuid);
    if (consumer === undefined) throw new ConsumerNotFound(uuid);
    return { status: 200, body: consumerDocument(consumer), lastModified: consumer.updated };
  },
});

export const handler = lambda(showConsumer);
