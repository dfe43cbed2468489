import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { writtenAggregates } from "../../lib/model/aggregates.ts";
import { ProviderNotFound, StaleProviderGeneration } from "../../lib/model/refusals/providers.ts";
import { setAggregates } from "../../lib/store/providers/aggregates.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { ItemTooLarge } from "../../lib/store/table/refusals.ts";
import { providerIn } from "../shared/path-uuid.ts";
import { requireProvider } from "../shared/require-provider.ts";
import { aggregatesAnswers } from "./answers.ts";
import { aggregatesDocument } from "./document.ts";
import { type ReplaceBody, replaceBody } from "./schemas.ts";

/** API reference, "Update resource provider aggregates". */
export const replaceAggregates = defineOperation<ReplaceBody>({
  id: "aggregates/replace",
  summary: "Replace a resource provider's aggregates",
  route: "PUT /resource_providers/{uuid}/aggregates",
  since: "1.1",
  rule: "placement:resource_providers:aggregates:update",
  access: WRITING,
  body: replaceBody,
  subject: requireProvider(),
  answers: aggregatesAnswers,
  refusals: [ProviderNotFound, StaleProviderGeneration, ItemTooLarge],
  async run({ params, body, version }, { store, clock }) {
    const counted = "aggregates" in body;
    const given = counted ? body.aggregates : body;
    const aggregates = writtenAggregates(given);
    const generation = await setAggregates(store, {
      uuid: providerIn(params),
      aggregates,
      generation: counted ? body.resource_provider_generation : undefined,
    });
    const document = aggregatesDocument(
      { aggregates: [...aggregates.values()], generation },
      version,
    );
    return { status: 200, body: document, lastModified: clock.now() };
  },
});

export const handler = lambda(replaceAggregates);
