/** A claim over HTTP, at an endpoint of the kind `iam`: requests are signed for AWS. */
import { claim, type Fetch, overHttp, PlacementClient } from "serverless-placement/client";
import { environmentCredentials, sigv4 } from "serverless-placement/client/sigv4";

type Environment = Readonly<Record<string, string | undefined>>;

export async function main(environment: Environment, fetch: Fetch = globalThis.fetch) {
  const { PLACEMENT_URL = "", AWS_REGION = "", HOST = "", SERVER = "" } = environment;
  const credentials = sigv4({
    region: AWS_REGION,
    credentials: environmentCredentials(environment),
  });
  const transport = overHttp({ url: PLACEMENT_URL, credentials, fetch });
  const client = new PlacementClient({ transport, version: "1.39" });
  return claim(client, SERVER, () => ({
    allocations: { [HOST]: { VCPU: 2, MEMORY_MB: 512 } },
    owner: { project: "demo", user: "demo", type: "INSTANCE" },
  }));
}
