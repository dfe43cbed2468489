import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { boundedSearch } from "../../lib/model/candidates/bounded.ts";
import { explain } from "../../lib/model/candidates/explain.ts";
import {
  BadFirstLimit,
  GroupWithoutResources,
  NoRequestGroup,
  OrphanedMemberOf,
  OrphanedTraits,
} from "../../lib/model/refusals/candidates.ts";
import { snapshotOf } from "../../lib/store/providers/view.ts";
import { candidatesAnswers } from "./answers.ts";
import { explanationDocument } from "./explanation.ts";
import { newestQueryRefusals } from "./refusals.ts";
import { candidateQuery } from "./request.ts";
import { candidatesQuery } from "./schemas.ts";
import { candidatesText } from "./text.ts";

const TRUNCATED_HEADER = "x-placement-truncated";

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
  answerHeaders: {
    "X-Placement-Truncated":
      "Only if a bound of the server ended the search: `max_candidates` (there are more candidates), or `max_work` (there may be more). An extension.",
  },
  refusals: [
    NoRequestGroup,
    OrphanedTraits,
    OrphanedMemberOf,
    GroupWithoutResources,
    BadFirstLimit,
    ...newestQueryRefusals,
  ],
  async run({ query: given, version }, { store, clock, configuration }) {
    const query = await candidateQuery(store, given, version);
    const { maxCandidates, maxCandidateWork: maxWork, randomizeCandidates } = configuration;
    const snapshot = await snapshotOf(store);
    const { candidates, truncated } = boundedSearch(snapshot, query, {
      maxCandidates,
      maxWork,
      ...(randomizeCandidates ? { random: store.random } : {}),
    });
    const found = { snapshot, query, candidates };
    const answer = {
      status: 200,
      lastModified: clock.now(),
      ...(truncated === undefined ? {} : { headers: { [TRUNCATED_HEADER]: truncated } }),
    };
    if (given.last()["explain"] !== "true") {
      return { ...answer, text: await candidatesText(store, found, version) };
    }
    const explanation = explain(snapshot, query, { maxWork });
    const complete = truncated !== "max_work" && !explanation.exhausted;
    const shown = await explanationDocument(store, query, explanation, complete);
    return { ...answer, text: await candidatesText(store, found, version, shown) };
  },
});

export const handler = lambda(listAllocationCandidates);
