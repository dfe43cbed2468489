import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { readStatus } from "../../lib/store/status/read.ts";
import { statusAnswers } from "./answers.ts";
import { statusDocument } from "./document.ts";

/** Our extension: what an operator asks first when something is slow or refused. */
export const showStatus = defineOperation({
  id: "status/show",
  summary: "Show the state of the service: large changes, verification, lags, requests",
  route: "GET /status",
  since: "1.0",
  extension: true,
  rule: "placement:status:show",
  access: ["GetItem", "BatchGetItem", "Query"],
  answers: statusAnswers,
  refusals: [],
  async run(_request, { store, clock, configuration, ownRequests, feed }) {
    const [table, requests] = await Promise.all([readStatus(store), ownRequests?.()]);
    const fed = configuration.historyDays > 0 && configuration.events;
    return {
      status: 200,
      body: statusDocument({
        now: clock.now(),
        table,
        fed,
        waitingSince: feed.waitingSince?.(),
        requests,
      }),
      headers: { "cache-control": "no-cache" },
    };
  },
});

export const handler = lambda(showStatus);
