import { changing } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import { writtenAggregates } from "../../lib/model/aggregates.ts";
import { ProviderNotFound, StaleProviderGeneration } from "../../lib/model/refusals/providers.ts";
import { aggregatesReplacement } from "../../lib/store/providers/aggregates.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { ItemTooLarge } from "../../lib/store/table/refusals.ts";
import { requireProvider } from "../shared/require-provider.ts";
import { aggregatesAnswers } from "./answers.ts";
import { aggregatesDocument } from "./document.ts";
import { replaceBody } from "./schemas.ts";

/** API reference, "Update resource provider aggregates". */
export const replaceAggregates = defineOperation({
  id: "aggregates/replace",
  summary: "Replace a resource provider's aggregates",
  route: "PUT /resource_providers/{uuid}/aggregates",
  params: { uuid: uuidParameter },
  since: "1.1",
  rule: "placement:resource_providers:aggregates:update",
  access: WRITING,
  body: replaceBody,
  subject: requireProvider,
  answers: aggregatesAnswers,
  refusals: [ProviderNotFound, StaleProviderGeneration, ItemTooLarge],
  async run({ params, body, version }, { store }) {
    const counted = "aggregates" in body;
    const given = counted ? body.aggregates : body;
    const aggregates = writtenAggregates(given);
    const replacement = aggregatesReplacement(store, {
      uuid: params.uuid,
      aggregates,
      generation: counted ? body.resource_provider_generation : undefined,
    });
    return changing(replacement, ({ generation, updated }) => {
      const shown = { aggregates: [...aggregates.values()], generation };
      const document = aggregatesDocument(shown, version);
      return { status: 200, body: document, lastModified: updated };
    });
  },
});

export const handler = lambda(replaceAggregates);
