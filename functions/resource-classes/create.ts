import { changing } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { ClassExists } from "../../lib/model/refusals/classes.ts";
import { classCreation } from "../../lib/store/names/classes.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { createAnswers } from "./answers.ts";
import { classPath } from "./document.ts";
import { createBody } from "./schemas.ts";

/** API reference, "Create resource class". */
export const createResourceClass = defineOperation({
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
  async run({ body }, { store }) {
    const headers = { location: classPath(body.name) };
    return changing(classCreation(store, body.name), () => ({ status: 201, headers }));
  },
});

export const handler = lambda(createResourceClass);
