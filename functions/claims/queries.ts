/** The queries of a claim, read as those of `GET /allocation_candidates` at the newest version. */
import { checkQuerySchema } from "../../lib/api/checked-query.ts";
import { checkQuery, LIMITS } from "../../lib/api/limits.ts";
import { Query } from "../../lib/api/query.ts";
import { InvalidQuery, QueryBeyondLimit } from "../../lib/api/refusals.ts";
import type { CandidateQuery } from "../../lib/model/candidates/query.ts";
import { minor } from "../../lib/model/microversion.ts";
import type { RefusalClass } from "../../lib/model/refusal.ts";
import type { Store } from "../../lib/store/store.ts";
import { newestQueryRefusals } from "../allocation-candidates/refusals.ts";
import { candidateQuery } from "../allocation-candidates/request.ts";
import { claimableQuery } from "../allocation-candidates/schemas.ts";
import type { CreateBody } from "./schemas.ts";

type Given = CreateBody["alternatives"][number]["query"];

/** Whatever the version of the request. */
const VERSION = minor("1.39");

/** The refusals of `alternativesOf`. */
export const queryRefusals: readonly RefusalClass[] = [
  QueryBeyondLimit,
  InvalidQuery,
  ...newestQueryRefusals,
];

/** @throws QueryBeyondLimit, InvalidQuery, and the refusals of the candidates' query */
export async function alternativesOf(
  store: Store,
  alternatives: CreateBody["alternatives"],
): Promise<CandidateQuery[]> {
  const queries = alternatives.map((each) => parsed(each.query));
  return Promise.all(queries.map((query) => candidateQuery(store, query, VERSION)));
}

function parsed(given: Given): Query {
  const query = typeof given === "string" ? Query.parse(given) : new Query(pairsOf(given));
  checkQuery(query.pairs, LIMITS.postedQueryLength);
  checkQuerySchema(claimableQuery, query, VERSION);
  return query;
}

function pairsOf(given: Exclude<Given, string>): [string, string][] {
  return Object.entries(given).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );
}
