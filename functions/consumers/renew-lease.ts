import { changing } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { millisecondsOf } from "../../lib/api/lease-headers.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import { ConsumerNotFound } from "../../lib/model/refusals/consumers.ts";
import {
  BadLease,
  LeaseExpired,
  LeaseVersionConflict,
  NoLease,
  OtherLife,
} from "../../lib/model/refusals/leases.ts";
import { leaseRenewal } from "../../lib/store/consumers/leases.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { LEASE_ANSWER_HEADERS, leaseHeaders } from "../shared/lease-answer.ts";
import { consumerAnswers } from "./answers.ts";
import { consumerAnswer } from "./document.ts";
import { requireConsumer } from "./require-consumer.ts";
import { renewBody } from "./schemas.ts";

/** Our extension: a lease ends so many seconds from now. It never begins one. */
export const renewLease = defineOperation({
  id: "consumers/renew-lease",
  summary: "Renew a consumer's lease",
  route: "PUT /consumers/{consumer_uuid}/lease",
  params: { consumer_uuid: uuidParameter },
  since: "1.0",
  extension: true,
  rule: "placement:consumers:lease",
  access: WRITING,
  body: renewBody,
  subject: requireConsumer,
  takes: ["life"],
  answers: consumerAnswers,
  answerHeaders: LEASE_ANSWER_HEADERS,
  refusals: [BadLease, ConsumerNotFound, OtherLife, NoLease, LeaseExpired, LeaseVersionConflict],
  async run({ params, body, life }, { store, configuration }) {
    const { seconds, lease_version: version } = body;
    const milliseconds = millisecondsOf(seconds, configuration.maxLease);
    // Both may be given; a consumer does not live two lives.
    const lives = [life, body.life].filter((each) => each !== undefined);
    const renewal = leaseRenewal(store, params.consumer_uuid, { milliseconds, lives, version });
    return changing(renewal, (consumer) => ({
      ...consumerAnswer(consumer),
      headers: leaseHeaders(consumer),
    }));
  },
});

export const handler = lambda(renewLease);
