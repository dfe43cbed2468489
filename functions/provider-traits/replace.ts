import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { ProviderNotFound, StaleProviderGeneration } from "../../lib/model/refusals/providers.ts";
import { UnknownTraits } from "../../lib/model/refusals/traits.ts";
import { setTraits } from "../../lib/store/providers/traits.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { providerIn } from "../shared/path-uuid.ts";
import { traitsAnswers } from "./answers.ts";
import { traitsDocument } from "./document.ts";
import { type ReplaceBody, replaceBody } from "./schemas.ts";

/** API reference, "Update resource provider traits". */
export const replaceProviderTraits = defineOperation<ReplaceBody>({
  id: "provider-traits/replace",
  summary: "Replace a resource provider's traits",
  route: "PUT /resource_providers/{uuid}/traits",
  since: "1.6",
  rule: "placement:resource_providers:traits:update",
  access: WRITING,
  body: replaceBody,
  answers: traitsAnswers,
  refusals: [ProviderNotFound, StaleProviderGeneration, UnknownTraits],
  async run({ params, body }, { store }) {
    const names = [...new Set(body.traits)];
    const { provider, directory } = await setTraits(store, {
      uuid: providerIn(params),
      generation: body.resource_provider_generation,
      names,
      decide: (known) => {
        const unknown = names.filter((name) => known.idOf(name) === undefined);
        if (unknown.length > 0) throw new UnknownTraits(unknown);
        return names.flatMap((name) => known.idOf(name) ?? []);
      },
    });
    const document = traitsDocument(provider, directory);
    return { status: 200, body: document, lastModified: provider.profile.updated };
  },
});

export const handler = lambda(replaceProviderTraits);
