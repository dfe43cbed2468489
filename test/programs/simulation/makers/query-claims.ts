import {
  applyQueryClaim,
  isFairQueryRefusal,
  type QueryClaim,
  queryBody,
  tellsQueryClaim,
} from "../operations/query-claims.ts";
import { claimOf, type Maker, STANDARD, someOf } from "./scene.ts";

/** For consumers that are new or hold nothing, as far as the client knows. */
export const claimByQuery: Maker = (scene) => {
  const { random, cast } = scene;
  const given: QueryClaim = {
    consumers: someOf(random, cast.consumers, 1 + random.below(3)).map((consumer) => {
      const { allocations: _, ...claim } = claimOf(scene, consumer, {});
      return claim;
    }),
    name: random.pick(STANDARD),
    amount: 1 + random.below(4),
  };
  return {
    kind: "write",
    name: "claim by query",
    snapshot: true,
    request: { method: "POST", path: "/claims", body: queryBody(given) },
    apply: (world, commit) => applyQueryClaim(world, given, commit),
    isFair: (cause, worlds) => isFairQueryRefusal(cause, given, worlds),
    tells: tellsQueryClaim,
  };
};
