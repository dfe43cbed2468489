import { type Answer, type Change, changing } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { nameParameter } from "../../lib/api/path-parameters.ts";
import { InvalidBody } from "../../lib/api/refusals.ts";
import { validationMessage } from "../../lib/api/validation-message.ts";
import { minor } from "../../lib/model/microversion.ts";
import { ClassNameTaken, ClassNotFound, StandardClass } from "../../lib/model/refusals/classes.ts";
import { STANDARD_CLASS_IDS } from "../../lib/model/standard-classes.ts";
import { classCreationIfAbsent, classRenaming, readClass } from "../../lib/store/names/classes.ts";
import type { Store } from "../../lib/store/store.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { updateAnswers } from "./answers.ts";
import { classDocument, classPath } from "./document.ts";
import { namedClass, updateBody } from "./schemas.ts";

/** API reference, "Update resource class": a rename up to 1.6, from 1.7 create if absent. */
export const updateResourceClass = defineOperation({
  id: "resource-classes/update",
  summary: "Create a custom resource class if absent, or rename one (1.2 to 1.6)",
  route: "PUT /resource_classes/{name}",
  params: { name: nameParameter },
  since: "1.2",
  rule: "placement:resource_classes:update",
  access: WRITING,
  body: updateBody,
  actsOn: (body) => (body === undefined ? [] : [body.name]),
  answers: updateAnswers,
  refusals: [InvalidBody, ClassNotFound, ClassNameTaken, StandardClass],
  async run({ params, body, version }, { store }) {
    const { name } = params;
    if (version < minor("1.7") && body !== undefined) return rename(store, name, body.name);
    return ensure(store, name);
  },
});

function ensure(store: Store, name: string): Change {
  const parsed = namedClass.safeParse({ name });
  if (!parsed.success) throw new InvalidBody(validationMessage(namedClass, { name }, parsed.error));
  const headers = { location: classPath(name) };
  return changing(classCreationIfAbsent(store, name), ({ created }) => ({
    status: created ? 201 : 204,
    headers,
  }));
}

async function rename(store: Store, from: string, to: string): Promise<Answer | Change> {
  if (STANDARD_CLASS_IDS.has(from)) throw new StandardClass("update", from);
  const answer = { status: 200, body: classDocument(to) };
  if (from !== to) return changing(classRenaming(store, from, to), () => answer);
  if ((await readClass(store, from)) === undefined) throw new ClassNotFound(from);
  return answer;
}

export const handler = lambda(updateResourceClass);
