import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { explain } from "../../lib/model/candidates/explain.ts";
import { searchCandidates } from "../../lib/model/candidates/search.ts";
import {
  AnyTraitsInRootRequired,
  BadFirstGroupPolicy,
  BadFirstLimit,
  ConflictingRootTraits,
  ConflictingTraits,
  EmptySubtreeSuffix,
  GroupWithoutResources,
  InTreeNotUuid,
  MissingGroupPolicy,
  NoRequestGroup,
  NoResourcesAtAll,
  OrphanedMemberOf,
  OrphanedTraits,
  RepeatedRootRequired,
  ResourcelessGroupOutsideSubtree,
  UnknownSubtreeSuffix,
  UnknownTraitsInCandidates,
} from "../../lib/model/refusals/candidates.ts";
import { readSnapshot } from "../../lib/store/read-snapshot.ts";
import { filterRefusals } from "../shared/filter-refusals.ts";
import { candidatesAnswers } from "./answers.ts";
import { candidatesDocument } from "./document.ts";
import { explanationDocument } from "./explanation.ts";
import { candidateQuery } from "./request.ts";
import { candidatesQuery } from "./schemas.ts";

/** API reference, "List allocation candidates". */
export const listAllocationCandidates = defineOperation({
  id: "allocation-candidates/list",
  summary: "List allocation candidates",
  route: "GET /allocation_candidates",
  since: "1.10",
  rule: "placement:allocation_candidates:list",
  access: ["GetItem", "BatchGetItem", "Query"],
  query: candidatesQuery,
  answers: candidatesAnswers,
  refusals: [
    NoRequestGroup,
    NoResourcesAtAll,
    OrphanedTraits,
    OrphanedMemberOf,
    GroupWithoutResources,
    ResourcelessGroupOutsideSubtree,
    UnknownSubtreeSuffix,
    EmptySubtreeSuffix,
    MissingGroupPolicy,
    InTreeNotUuid,
    ConflictingTraits,
    RepeatedRootRequired,
    ConflictingRootTraits,
    AnyTraitsInRootRequired,
    BadFirstLimit,
    BadFirstGroupPolicy,
    UnknownTraitsInCandidates,
    ...filterRefusals,
  ],
  async run({ query: given, version }, { store, clock, configuration }) {
    const asked = await candidateQuery(store, given, version);
    const limit = Math.min(asked.limit ?? Number.POSITIVE_INFINITY, configuration.maxCandidates);
    const query = { ...asked, limit };
    const snapshot = await readSnapshot(store);
    const { candidates, exhausted } = searchCandidates(snapshot, query, {
      maxWork: configuration.maxCandidateWork,
      ...(configuration.randomizeCandidates ? { random: store.random } : {}),
    });
    const body = await candidatesDocument(store, { snapshot, query, candidates }, version);
    if (given.last()["explain"] !== "true") return { status: 200, body, lastModified: clock.now() };
    const explanation = explain(snapshot, query, { maxWork: configuration.maxCandidateWork });
    const complete = !exhausted && !explanation.exhausted;
    const shown = await explanationDocument(store, query, explanation, complete);
    return { status: 200, body: { ...body, explanation: shown }, lastModified: clock.now() };
  },
});

export const handler = lambda(listAllocationCandidates);
