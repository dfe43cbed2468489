import { changing, noContent } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation, NO_CONTENT } from "../../lib/api/operation.ts";
import { nameParameter } from "../../lib/api/path-parameters.ts";
import { ClassInUse, ClassNotFound, StandardClass } from "../../lib/model/refusals/classes.ts";
import { STANDARD_CLASS_IDS } from "../../lib/model/standard-classes.ts";
import { classDeletion } from "../../lib/store/names/classes.ts";
import { WRITING } from "../../lib/store/table/connection.ts";

/** API reference, "Delete resource class". */
export const deleteResourceClass = defineOperation({
  id: "resource-classes/delete",
  summary: "Delete a custom resource class",
  route: "DELETE /resource_classes/{name}",
  params: { name: nameParameter },
  since: "1.2",
  rule: "placement:resource_classes:delete",
  access: WRITING,
  answers: NO_CONTENT,
  refusals: [StandardClass, ClassNotFound, ClassInUse],
  async run({ params }, { store }) {
    const { name } = params;
    if (STANDARD_CLASS_IDS.has(name)) throw new StandardClass("delete", name);
    return changing(classDeletion(store, name), noContent);
  },
});

export const handler = lambda(deleteResourceClass);
