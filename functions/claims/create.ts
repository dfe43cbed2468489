import { changing } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { millisecondsOf } from "../../lib/api/lease-headers.ts";
import { defineOperation, type Services } from "../../lib/api/operation.ts";
import { explain } from "../../lib/model/candidates/explain.ts";
import type { SearchedInVain } from "../../lib/model/claims/choose.ts";
import {
  ConsumerInUse,
  NoCandidateLeft,
  SearchUnfinished,
} from "../../lib/model/refusals/claims.ts";
import { ConsumerGenerationConflict } from "../../lib/model/refusals/consumers.ts";
import { LeaseExpired } from "../../lib/model/refusals/leases.ts";
import { claimByQuery } from "../../lib/store/allocations/claims-by-query.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { ChangeTooLarge } from "../../lib/store/table/refusals.ts";
import { explanationDocument } from "../allocation-candidates/explanation.ts";
import { writtenType } from "../shared/shown-type.ts";
import { createAnswers } from "./answers.ts";
import { claimedDocument } from "./document.ts";
import { alternativesOf, queryRefusals } from "./queries.ts";
import { type CreateBody, createBody } from "./schemas.ts";

/** Our extension: the search for candidates and their claim in one request. */
export const createClaims = defineOperation({
  id: "claims/create",
  summary: "Claim by query: search candidates for several consumers and claim them, atomically",
  route: "POST /claims",
  since: "1.0",
  extension: true,
  rule: "placement:claims:create",
  access: WRITING,
  body: createBody,
  actsOn: ({ consumers }) => consumers.flatMap(({ uuid }) => uuid ?? []),
  takes: ["lease"],
  answers: createAnswers,
  refusals: [
    ...queryRefusals,
    ConsumerGenerationConflict,
    ConsumerInUse,
    LeaseExpired,
    NoCandidateLeft,
    SearchUnfinished,
    ChangeTooLarge,
  ],
  async run({ body, lease }, services) {
    const { store, configuration } = services;
    const claim = {
      consumers: body.consumers.map((given) => consumerOf(given, services, lease)),
      alternatives: await alternativesOf(store, body.alternatives),
    };
    const { maxCandidateWork: maxWork } = configuration;
    const explained = body.explain === true ? explaining(services) : undefined;
    return changing(claimByQuery(store, claim, { maxWork, explain: explained }), (claimed) => ({
      status: 201,
      body: claimedDocument(claimed),
    }));
  },
});

/** @param lease milliseconds, of the header; undefined: none */
function consumerOf(
  given: CreateBody["consumers"][number],
  { store, configuration }: Services,
  lease: number | undefined,
) {
  const own = given.lease;
  return {
    uuid: given.uuid ?? store.random.uuid(),
    generation: given.consumer_generation ?? null,
    project: given.project_id,
    user: given.user_id,
    type: writtenType(given.consumer_type),
    lease: own === undefined ? lease : millisecondsOf(own, configuration.maxLease),
  };
}

function explaining({ store, configuration }: Services) {
  const { maxCandidateWork: maxWork } = configuration;
  return async ({ query, left }: SearchedInVain) => {
    const explanation = explain(left, query, { maxWork });
    return explanationDocument(store, query, explanation, !explanation.exhausted);
  };
}

export const handler = lambda(createClaims);
