import { changing } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import { minor } from "../../lib/model/microversion.ts";
import {
  DuplicateProvider,
  ParentMakesLoop,
  ParentNotFound,
  ProviderNotFound,
  ReparentingTooEarly,
  TreeTooLarge,
} from "../../lib/model/refusals/providers.ts";
import { providerUpdate } from "../../lib/store/providers/update.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { ChangeTooLarge } from "../../lib/store/table/refusals.ts";
import { requireProvider } from "../shared/require-provider.ts";
import { showAnswers } from "./answers.ts";
import { providerDocument } from "./document.ts";
import { parentIn, updateBody } from "./schemas.ts";

/** API reference, "Update resource provider". */
export const updateResourceProvider = defineOperation({
  id: "resource-providers/update",
  summary: "Rename a resource provider or change its parent",
  route: "PUT /resource_providers/{uuid}",
  params: { uuid: uuidParameter },
  since: "1.0",
  rule: "placement:resource_providers:update",
  access: WRITING,
  body: updateBody,
  actsOn: (body) => [parentIn(body)].flatMap((each) => each ?? []),
  subject: requireProvider,
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
    const update = providerUpdate(store, {
      uuid: params.uuid,
      name: body.name,
      parent: parentIn(body),
      mayReparent: version >= minor("1.37"),
    });
    return changing(update, (provider) => {
      const document = providerDocument(provider, version);
      return { status: 200, body: document, lastModified: provider.state.updated };
    });
  },
});

export const handler = lambda(updateResourceProvider);
