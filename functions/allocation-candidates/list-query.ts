import { checkQuerySchema } from "../../lib/api/checked-query.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { checkQuery, LIMITS } from "../../lib/api/limits.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { Query } from "../../lib/api/query.ts";
import { InvalidQuery, QueryBeyondLimit } from "../../lib/api/refusals.ts";
import { candidatesAnswers } from "./answers.ts";
import { listAllocationCandidates } from "./list.ts";
import { byQueryBody, candidatesQuery } from "./schemas.ts";

const { refusals, answerHeaders = {} } = listAllocationCandidates;

/**
 * Our extension: `GET /allocation_candidates` with its query in the body, as it stands after the
 * `?` of the URL. 400 aggregates do not fit into a URL.
 */
export const listCandidatesByQuery = defineOperation({
  id: "allocation-candidates/list-query",
  summary: "List allocation candidates by a query that a URL cannot hold",
  route: "POST /allocation_candidates",
  reads: true,
  since: "1.10",
  extension: true,
  rule: "placement:allocation_candidates:list",
  access: ["GetItem", "BatchGetItem", "Query"],
  body: byQueryBody,
  answers: candidatesAnswers,
  answerHeaders,
  refusals: [QueryBeyondLimit, InvalidQuery, ...refusals],
  async run({ body, ...request }, services) {
    const query = Query.parse(body.query);
    checkQuery(query.pairs, LIMITS.postedQueryLength);
    checkQuerySchema(candidatesQuery, query, request.version);
    return listAllocationCandidates.run({ ...request, query, body: undefined }, services);
  },
});

export const handler = lambda(listCandidatesByQuery);
