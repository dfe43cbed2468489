/** The answer to a query for candidates, with what each condition removed. */
import type { PlacementClient } from "../../lib/client/client.ts";
import type { AnswerOf } from "../../lib/client/types.ts";

type Body = AnswerOf<"allocation-candidates/list-query", "1.39">["body"];

export interface Candidates {
  readonly query: string;
  readonly requests: Body["allocation_requests"];
  readonly explanation: Body["explanation"];
  /** Of each candidate the roots at which it is, by its place. */
  readonly roots: readonly (readonly string[])[];
  /** The header that says why there may be more. */
  readonly truncated: string | undefined;
}

export async function readCandidates(
  client: PlacementClient<"1.39">,
  query: string,
): Promise<Candidates> {
  const asked = `${query}${query.includes("limit=") ? "" : "&limit=1000"}&explain=true`;
  const { body, headers } = await client.call("allocation-candidates/list-query", {
    body: { query: asked },
  });
  const rootOf = (uuid: string) => body.provider_summaries[uuid]?.root_provider_uuid ?? uuid;
  return {
    query,
    requests: body.allocation_requests,
    explanation: body.explanation,
    roots: body.allocation_requests.map(({ allocations }) => [
      ...new Set(Object.keys(allocations).map(rootOf)),
    ]),
    truncated: headers["x-placement-truncated"],
  };
}
