import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { STANDARD_CLASS_IDS } from "../../lib/model/standard-classes.ts";
import { listAnswers } from "./answers.ts";
import { classDocument } from "./document.ts";

/** API reference, "List resource classes". */
export const listResourceClasses = defineOperation({
  id: "resource-classes/list",
  summary: "List resource classes",
  route: "GET /resource_classes",
  since: "1.2",
  rule: "placement:resource_classes:list",
  access: ["GetItem", "Query"],
  answers: listAnswers,
  refusals: [],
  async run(_request, { store, clock }) {
    const custom = await store.customNames("CLASSES");
    const names = [...STANDARD_CLASS_IDS.keys(), ...custom.map(({ name }) => name)];
    const body = { resource_classes: names.map(classDocument) };
    // Standard classes have no time of their own, so that the list is as new as the request.
    return { status: 200, body, lastModified: clock.now() };
  },
});

export const handler = lambda(listResourceClasses);
