import * as z from "zod";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { AnswerNeedsParts } from "../../lib/api/refusals.ts";
import { EXPOSITION_TYPE } from "../../lib/model/exposition.ts";
import { readFleet } from "./fleet.ts";
import { needsParts, partOf } from "./parts.ts";
import { metricsQuery } from "./schemas.ts";
import { metricsText } from "./text.ts";

/** Our extension: inventories and usages for Prometheus. The same at every microversion. */
export const listMetrics = defineOperation({
  id: "metrics/list",
  summary: "List metrics of all resource providers, for Prometheus",
  route: "GET /metrics",
  since: "1.0",
  extension: true,
  rule: "placement:metrics:show",
  access: ["GetItem", "BatchGetItem", "Query"],
  mediaType: EXPOSITION_TYPE,
  query: metricsQuery,
  answers: { "1.0": { 200: z.string() } },
  refusals: [AnswerNeedsParts],
  async run({ query }, { store, ownMetrics }) {
    const part = partOf(query);
    const fleet = await readFleet(store, part, query.last()["allocations"] === "true");
    const text = metricsText(fleet, part);
    // What is not of providers stands in the first part.
    const own = part.index === 1 ? ((await ownMetrics?.()) ?? "") : "";
    return {
      status: 200,
      text: () => text + own,
      headers: { "cache-control": "no-cache" },
      tooLarge: ({ times, gzipMayHelp }) => needsParts(part, times, gzipMayHelp),
    };
  },
});

export const handler = lambda(listMetrics);
