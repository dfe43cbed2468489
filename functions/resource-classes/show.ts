import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { nameParameter } from "../../lib/api/path-parameters.ts";
import { ClassNotFound } from "../../lib/model/refusals/classes.ts";
import { showAnswers } from "./answers.ts";
import { classDocument, classModified } from "./document.ts";

/** API reference, "Show resource class". */
export const showResourceClass = defineOperation({
  id: "resource-classes/show",
  summary: "Show a resource class",
  route: "GET /resource_classes/{name}",
  params: { name: nameParameter },
  since: "1.2",
  rule: "placement:resource_classes:show",
  access: ["GetItem"],
  answers: showAnswers,
  refusals: [ClassNotFound],
  async run({ params }, { store, clock }) {
    const { name } = params;
    const lastModified = await classModified(store, clock, name);
    if (lastModified === undefined) throw new ClassNotFound(name);
    return { status: 200, body: classDocument(name), lastModified };
  },
});

export const handler = lambda(showResourceClass);
