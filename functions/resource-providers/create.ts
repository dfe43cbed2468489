import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { minor } from "../../lib/model/microversion.ts";
import {
  DuplicateProvider,
  ParentIsItself,
  ParentNotFound,
  TreeTooLarge,
} from "../../lib/model/refusals/providers.ts";
import { createProvider } from "../../lib/store/providers/create.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { createAnswers } from "./answers.ts";
import { providerDocument, providerPath } from "./document.ts";
import { type CreateBody, createBody } from "./schemas.ts";

/** API reference, "Create resource provider". */
export const createResourceProvider = defineOperation<CreateBody>({
  id: "resource-providers/create",
  summary: "Create a resource provider",
  route: "POST /resource_providers",
  since: "1.0",
  rule: "placement:resource_providers:create",
  access: WRITING,
  body: createBody,
  actsOn: ({ uuid, parent_provider_uuid: parent }) => [uuid, parent].flatMap((each) => each ?? []),
  answers: createAnswers,
  refusals: [DuplicateProvider, ParentIsItself, ParentNotFound, TreeTooLarge],
  async run({ body, version, origin }, { store }) {
    const provider = await createProvider(store, {
      uuid: body.uuid ?? store.random.uuid(),
      name: body.name,
      parent: body.parent_provider_uuid ?? undefined,
    });
    const headers = { location: `${origin}${providerPath(provider.state.uuid)}` };
    if (version < minor("1.20")) return { status: 201, headers };
    const lastModified = provider.state.updated;
    return { status: 200, headers, body: providerDocument(provider, version), lastModified };
  },
});

export const handler = lambda(createResourceProvider);
