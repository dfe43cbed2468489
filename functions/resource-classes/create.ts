import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { ClassExists } from "../../lib/model/refusals/classes.ts";
import { createClass } from "../../lib/store/names/classes.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { createAnswers } from "./answers.ts";
import { classPath } from "./document.ts";
import { createBody, type NamedClass } from "./schemas.ts";

/** API reference, "Create resource class". */
export const createResourceClass = defineOperation<NamedClass>({
  id: "resource-classes/create",
  summary: "Create a custom resource class",
  route: "POST /resource_classes",
  since: "1.2",
  rule: "placement:resource_classes:create",
  access: WRITING,
  body: createBody,
  actsOn: ({ name }) => [name],
  answers: createAnswers,
  refusals: [ClassExists],
  async run({ body, origin }, { store }) {
    await createClass(store, body.name);
    return { status: 201, headers: { location: `${origin}${classPath(body.name)}` } };
  },
});

export const handler = lambda(createResourceClass);
