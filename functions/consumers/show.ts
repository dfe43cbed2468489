import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import { ConsumerNotFound } from "../../lib/model/refusals/consumers.ts";
import { readConsumer } from "../../lib/store/consumers/change.ts";
import { consumerAnswers } from "./answers.ts";
import { consumerAnswer } from "./document.ts";

/** Our extension: a consumer's project, user, type and generation. */
export const showConsumer = defineOperation({
  id: "consumers/show",
  summary: "Show a consumer",
  route: "GET /consumers/{consumer_uuid}",
  params: { consumer_uuid: uuidParameter },
  since: "1.0",
  extension: true,
  rule: "placement:consumers:show",
  access: ["GetItem"],
  answers: consumerAnswers,
  refusals: [ConsumerNotFound],
  async run({ params }, { store }) {
    const { consumer_uuid: uuid } = params;
    const consumer = await readConsumer(store, uuid);
    if (consumer === undefined) throw new ConsumerNotFound(uuid);
    return consumerAnswer(consumer);
  },
});

export const handler = lambda(showConsumer);
