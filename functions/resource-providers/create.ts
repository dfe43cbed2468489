import { changing } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { minor } from "../../lib/model/microversion.ts";
import {
  DuplicateProvider,
  ParentIsItself,
  ParentNotFound,
  TreeTooLarge,
} from "../../lib/model/refusals/providers.ts";
import { providerCreation } from "../../lib/store/providers/create.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { createAnswers } from "./answers.ts";
import { providerDocument, providerPath } from "./document.ts";
import { createBody, parentIn } from "./schemas.ts";

/** API reference, "Create resource provider". */
export const createResourceProvider = defineOperation({
  id: "resource-providers/create",
  summary: "Create a resource provider",
  route: "POST /resource_providers",
  since: "1.0",
  rule: "placement:resource_providers:create",
  access: WRITING,
  body: createBody,
  actsOn: (body) => [body.uuid, parentIn(body)].flatMap((each) => each ?? []),
  answers: createAnswers,
  refusals: [DuplicateProvider, ParentIsItself, ParentNotFound, TreeTooLarge],
  async run({ body, version }, { store }) {
    const creation = providerCreation(store, {
      uuid: body.uuid ?? store.random.uuid(),
      name: body.name,
      parent: parentIn(body) ?? undefined,
    });
    return changing(creation, (provider) => {
      const headers = { location: providerPath(provider.state.uuid) };
      if (version < minor("1.20")) return { status: 201, headers };
      const lastModified = provider.state.updated;
      return { status: 200, headers, body: providerDocument(provider, version), lastModified };
    });
  },
});

export const handler = lambda(createResourceProvider);
