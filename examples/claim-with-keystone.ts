/** A claim over HTTP, at an endpoint of the kind `keystone`: on the best of the candidates. */
import { claim, type Fetch, overHttp, PlacementClient } from "serverless-placement/client";
import { keystone } from "serverless-placement/client/keystone";

/** `OS_AUTH_URL`, `OS_USERNAME` and so on, and `PLACEMENT_URL`, `SERVER`. */
type Environment = Readonly<Record<string, string | undefined>>;

export async function main(environment: Environment, fetch: Fetch = globalThis.fetch) {
  const { PLACEMENT_URL = "", SERVER = "" } = environment;
  const credentials = keystone({ credential: environment });
  const transport = overHttp({ url: PLACEMENT_URL, credentials, fetch });
  const client = new PlacementClient({ transport, version: "1.39" });
  return claim(client, SERVER, async (held) => {
    // It was claimed before, by an earlier run whose answer was lost, for example.
    if (Object.keys(held.allocations).length > 0) return undefined;
    const { body } = await client.call("allocation-candidates/list", {
      parameters: { resources: "VCPU:2,MEMORY_MB:512", limit: "1" },
    });
    const [best] = body.allocation_requests;
    if (best === undefined) throw new Error("no provider has that much");
    const allocations = Object.entries(best.allocations).map(([provider, { resources }]) => [
      provider,
      resources,
    ]);
    const owner = { project: "demo", user: "demo", type: "INSTANCE" };
    return { allocations: Object.fromEntries(allocations), owner };
  });
}
