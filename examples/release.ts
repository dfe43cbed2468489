/** Releases what a server held, once it is gone. Calling it again does no harm. */
import {
  authToken,
  type Fetch,
  overHttp,
  PlacementClient,
  release,
} from "serverless-placement/client";

type Environment = Readonly<Record<string, string | undefined>>;

export async function main(environment: Environment, fetch: Fetch = globalThis.fetch) {
  const { PLACEMENT_URL = "http://127.0.0.1:8778", SERVER = "" } = environment;
  const credentials = authToken("admin");
  const transport = overHttp({ url: PLACEMENT_URL, credentials, fetch });
  const client = new PlacementClient({ transport, version: "1.39" });
  return (await release(client, SERVER)) ? "released" : "held nothing";
}
