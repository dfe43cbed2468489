import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { InvalidQuery } from "../../lib/api/refusals.ts";
import {
  CursorExpired,
  EventsOff,
  OtherEpoch,
  TooManyWaiting,
} from "../../lib/model/refusals/events.ts";
import { eventsAnswers } from "./answers.ts";
import { eventsPage } from "./page.ts";
import { eventsQuery } from "./schemas.ts";

/** Our extension: what changes, as it changes. */
export const followEvents = defineOperation({
  id: "events/follow",
  summary: "Follow what is changed of consumers and providers, from a cursor on",
  route: "GET /events",
  since: "1.0",
  extension: true,
  rule: "placement:events:list",
  access: ["GetItem", "BatchGetItem", "Query"],
  query: eventsQuery,
  answers: eventsAnswers,
  refusals: [InvalidQuery, EventsOff, OtherEpoch, CursorExpired, TooManyWaiting],
  async run(request, services) {
    return eventsPage(request, services);
  },
});

export const handler = lambda(followEvents);
