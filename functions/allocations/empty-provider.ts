import { changing } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import { ProviderNotFound } from "../../lib/model/refusals/providers.ts";
import { providerEmptying, type Released } from "../../lib/store/allocations/empty-provider.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { ChangeTooLarge } from "../../lib/store/table/refusals.ts";
import { DEFAULT_PAGE } from "../shared/paging.ts";
import { shownType } from "../shared/shown-type.ts";
import { emptyAnswers } from "./answers.ts";
import { emptyQuery } from "./schemas.ts";

/** Consumers of one call: with them, an answer is small enough to be kept under a key. */
const MAX_RELEASED = 500;

/** Our extension: releases what consumers hold on a provider, some of them with each call. */
export const emptyProvider = defineOperation({
  id: "allocations/empty-provider",
  summary: "Release what consumers hold on a resource provider",
  route: "DELETE /resource_providers/{uuid}/allocations",
  params: { uuid: uuidParameter },
  since: "1.0",
  extension: true,
  rule: "placement:resource_providers:allocations:delete",
  access: WRITING,
  query: emptyQuery,
  answers: emptyAnswers,
  refusals: [ProviderNotFound, ChangeTooLarge],
  async run({ params, query }, { store, configuration }) {
    const limit = Number(query.last()["limit"] ?? DEFAULT_PAGE);
    const emptying = providerEmptying(store, {
      provider: params.uuid,
      limit: Math.min(limit, MAX_RELEASED),
      maxItems: configuration.maxChangeItems,
    });
    return changing(emptying, ({ released, more }) => ({
      status: 200,
      body: { released: released.map(releasedDocument), more },
    }));
  },
});

function releasedDocument({ consumer, generation }: Released) {
  return {
    consumer_uuid: consumer.uuid,
    consumer_generation: generation,
    project_id: consumer.project,
    user_id: consumer.user,
    consumer_type: shownType(consumer.type),
  };
}

export const handler = lambda(emptyProvider);
