import { changing, noContent } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation, NO_CONTENT } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import { ConsumerNotFound } from "../../lib/model/refusals/consumers.ts";
import { LeaseExpired, NoLease, OtherLife } from "../../lib/model/refusals/leases.ts";
import { leaseConfirmation } from "../../lib/store/consumers/leases.ts";
import { WRITING } from "../../lib/store/table/connection.ts";

/** Our extension: the consumer stays, without a lease. */
export const confirmLease = defineOperation({
  id: "consumers/confirm-lease",
  summary: "End a consumer's lease, so that the consumer stays",
  route: "DELETE /consumers/{consumer_uuid}/lease",
  params: { consumer_uuid: uuidParameter },
  since: "1.0",
  extension: true,
  rule: "placement:consumers:lease",
  access: WRITING,
  takes: ["life"],
  answers: NO_CONTENT,
  refusals: [ConsumerNotFound, OtherLife, NoLease, LeaseExpired],
  async run({ params, life }, { store }) {
    return changing(leaseConfirmation(store, params.consumer_uuid, life), noContent);
  },
});

export const handler = lambda(confirmLease);
