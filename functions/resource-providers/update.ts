import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { minor } from "../../lib/model/microversion.ts";
import {
  DuplicateProvider,
  ParentMakesLoop,
  ParentNotFound,
  ProviderNotFound,
  ReparentingTooEarly,
  TreeTooLarge,
} from "../../lib/model/refusals/providers.ts";
import { updateProvider } from "../../lib/store/providers/update.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { ChangeTooLarge } from "../../lib/store/table/refusals.ts";
import { providerIn } from "../shared/path-uuid.ts";
import { requireProvider } from "../shared/require-provider.ts";
import { showAnswers } from "./answers.ts";
import { providerDocument } from "./document.ts";
import { type UpdateBody, updateBody } from "./schemas.ts";

/** API reference, "Update resource provider". */
export const updateResourceProvider = defineOperation<UpdateBody>({
  id: "resource-providers/update",
  summary: "Rename a resource provider or change its parent",
  route: "PUT /resource_providers/{uuid}",
  since: "1.0",
  rule: "placement:resource_providers:update",
  access: WRITING,
  body: updateBody,
  actsOn: ({ parent_provider_uuid: parent }) => (parent ? [parent] : []),
  subject: requireProvider(),
  answers: showAnswers,
  refusals: [
    ProviderNotFound,
    DuplicateProvider,
    ParentNotFound,
    ParentMakesLoop,
    ReparentingTooEarly,
    TreeTooLarge,
    ChangeTooLarge,
  ],
  async run({ params, body, version }, { store }) {
    const { name, parent_provider_uuid: parent } = body;
    const provider = await updateProvider(store, {
      uuid: providerIn(params),
      name,
      parent,
      mayReparent: version >= minor("1.37"),
    });
    const document = providerDocument(provider, version);
    return { status: 200, body: document, lastModified: provider.state.updated };
  },
});

export const handler = lambda(updateResourceProvider);
