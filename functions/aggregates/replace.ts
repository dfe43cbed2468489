import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { ProviderNotFound, StaleProviderGeneration } from "../../lib/model/refusals/providers.ts";
import { parseUuid } from "../../lib/model/uuid.ts";
import { WRITING } from "../../lib/store/connection.ts";
import { setAggregates } from "../../lib/store/provider-aggregates.ts";
import { ItemTooLarge } from "../../lib/store/refusals.ts";
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
    // Two ways to write one UUID are one aggregate.
    const aggregates = [...new Set(given.flatMap((uuid) => parseUuid(uuid) ?? []))];
    const generation = await setAggregates(store, {
      uuid: params["uuid"] ?? "",
      aggregates,
      generation: counted ? body.resource_provider_generation : undefined,
    });
    const document = aggregatesDocument({ aggregates, generation }, version);
    return { status: 200, body: document, lastModified: clock.now() };
  },
});

export const handler = lambda(replaceAggregates);
