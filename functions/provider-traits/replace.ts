import { changing } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import { ProviderNotFound, StaleProviderGeneration } from "../../lib/model/refusals/providers.ts";
import { UnknownTraits } from "../../lib/model/refusals/traits.ts";
import { traitsReplacement } from "../../lib/store/providers/traits.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { traitsAnswers } from "./answers.ts";
import { traitsDocument } from "./document.ts";
import { replaceBody } from "./schemas.ts";

/** API reference, "Update resource provider traits". */
export const replaceProviderTraits = defineOperation({
  id: "provider-traits/replace",
  summary: "Replace a resource provider's traits",
  route: "PUT /resource_providers/{uuid}/traits",
  params: { uuid: uuidParameter },
  since: "1.6",
  rule: "placement:resource_providers:traits:update",
  access: WRITING,
  body: replaceBody,
  answers: traitsAnswers,
  refusals: [ProviderNotFound, StaleProviderGeneration, UnknownTraits],
  async run({ params, body }, { store }) {
    const names = [...new Set(body.traits)];
    const replacement = traitsReplacement(store, {
      uuid: params.uuid,
      generation: body.resource_provider_generation,
      names,
      decide: (known) => {
        const unknown = names.filter((name) => known.idOf(name) === undefined);
        if (unknown.length > 0) throw new UnknownTraits(unknown);
        return names.flatMap((name) => known.idOf(name) ?? []);
      },
    });
    return changing(replacement, ({ provider, directory }) => {
      const document = traitsDocument(provider, directory);
      return { status: 200, body: document, lastModified: provider.profile.updated };
    });
  },
});

export const handler = lambda(replaceProviderTraits);
