/**
 * A migration: what a server holds passes to the migration's consumer, and the server claims
 * its new host, without a moment at which the old host looks free.
 */
import {
  authToken,
  type Fetch,
  move,
  overHttp,
  PlacementClient,
} from "serverless-placement/client";

type Environment = Readonly<Record<string, string | undefined>>;

export async function main(environment: Environment, fetch: Fetch = globalThis.fetch) {
  const { PLACEMENT_URL = "http://127.0.0.1:8778", SERVER = "", MIGRATION = "" } = environment;
  const { NEW_HOST = "" } = environment;
  const transport = overHttp({ url: PLACEMENT_URL, credentials: authToken("admin"), fetch });
  const client = new PlacementClient({ transport, version: "1.39" });
  const between = { from: SERVER, to: MIGRATION };
  return move(client, between, {
    decide: ({ allocations, owner }, migration) => {
      const [amounts, ...others] = Object.values(allocations);
      // Nothing to move, or it was moved before.
      if (owner === undefined || amounts === undefined || migration.owner) return undefined;
      if (others.length > 0) throw new Error("the server is spread over several providers");
      return {
        from: { allocations: { [NEW_HOST]: amounts }, owner },
        to: { allocations, owner: { ...owner, type: "MIGRATION" } },
      };
    },
  });
}
