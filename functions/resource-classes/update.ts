import { lambda } from "../../lib/api/lambda.ts";
import { type Answer, defineOperation } from "../../lib/api/operation.ts";
import { InvalidBody } from "../../lib/api/refusals.ts";
import { validationMessage } from "../../lib/api/validation-message.ts";
import { minor } from "../../lib/model/microversion.ts";
import { ClassNameTaken, ClassNotFound, StandardClass } from "../../lib/model/refusals/classes.ts";
import { STANDARD_CLASS_IDS } from "../../lib/model/standard-classes.ts";
import { ensureClass, readClass, renameClass } from "../../lib/store/names/classes.ts";
import type { Store } from "../../lib/store/store.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { updateAnswers } from "./answers.ts";
import { classDocument, classPath } from "./document.ts";
import { type NamedClass, namedClass, updateBody } from "./schemas.ts";

/** API reference, "Update resource class": a rename up to 1.6, from 1.7 create if absent. */
export const updateResourceClass = defineOperation<NamedClass | undefined>({
  id: "resource-classes/update",
  summary: "Create a custom resource class if absent, or rename one (1.2 to 1.6)",
  route: "PUT /resource_classes/{name}",
  since: "1.2",
  rule: "placement:resource_classes:update",
  access: WRITING,
  body: updateBody,
  actsOn: (body) => (body === undefined ? [] : [body.name]),
  answers: updateAnswers,
  refusals: [InvalidBody, ClassNotFound, ClassNameTaken, StandardClass],
  async run({ params, body, version, origin }, { store }) {
    const name = params["name"] ?? "";
    if (version < minor("1.7") && body !== undefined) return rename(store, name, body.name);
    return ensure(store, name, origin);
  },
});

async function ensure(store: Store, name: string, origin: string): Promise<Answer> {
  const parsed = namedClass.safeParse({ name });
  if (!parsed.success) throw new InvalidBody(validationMessage(namedClass, { name }, parsed.error));
  const created = await ensureClass(store, name);
  return { status: created ? 201 : 204, headers: { location: `${origin}${classPath(name)}` } };
}

async function rename(store: Store, from: string, to: string): Promise<Answer> {
  if (STANDARD_CLASS_IDS.has(from)) throw new StandardClass("update", from);
  if (from !== to) await renameClass(store, from, to);
  else if ((await readClass(store, from)) === undefined) throw new ClassNotFound(from);
  return { status: 200, body: classDocument(to) };
}

export const handler = lambda(updateResourceClass);
