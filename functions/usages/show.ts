import * as z from "zod";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { externalId, MAX_NAME } from "../../lib/api/schemas.ts";
import { minor } from "../../lib/model/microversion.ts";
import { ALL } from "../../lib/model/usages.ts";
import { usagesOf } from "../../lib/store/consumers/usages.ts";
import { resourcesDocument } from "../shared/resources.ts";
import { projectAnswers } from "./answers.ts";

const owner = { project_id: externalId(), user_id: externalId().optional() };
const typed = z
  .string()
  .min(1)
  .max(MAX_NAME)
  .regex(/^[A-Z0-9_]+$|^all|^unknown$/);

/** API reference, "List usages": from 1.38 by consumer type, with the number of consumers. */
export const showUsages = defineOperation({
  id: "usages/show",
  summary: "Show the use of a project",
  route: "GET /usages",
  since: "1.9",
  rule: "placement:usages",
  target: "query",
  access: ["GetItem", "BatchGetItem", "Query"],
  query: {
    "1.9": z.strictObject(owner),
    "1.38": z.strictObject({ ...owner, consumer_type: typed.optional() }),
  },
  answers: projectAnswers,
  refusals: [],
  async run({ query, version }, { store, clock }) {
    const { project_id: project = "", user_id: user, consumer_type: type } = query.last();
    const sumAll = version < minor("1.38");
    const filter = { user, type: sumAll ? ALL : type };
    const groups = await usagesOf(store, project, filter);
    const ids = [...groups.values()].flatMap(({ amounts }) => [...amounts.keys()]);
    const directory = await store.classes({ ids });
    const lastModified = clock.now();
    if (sumAll) {
      const usages = resourcesDocument(groups.get(ALL)?.amounts ?? new Map(), directory);
      return { status: 200, body: { usages }, lastModified };
    }
    const usages = [...groups].map(([name, { count, amounts }]) => [
      name,
      { consumer_count: count, ...resourcesDocument(amounts, directory) },
    ]);
    return { status: 200, body: { usages: Object.fromEntries(usages) }, lastModified };
  },
});

export const handler = lambda(showUsages);
