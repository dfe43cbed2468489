/**
 * A host that is dead: everything that is still held on it and on what it contains is released, then its tree is
 * deleted. Calling it again does no harm.
 */
import {
  authToken,
  type Fetch,
  overHttp,
  PlacementClient,
  PlacementRefusal,
} from "serverless-placement/client";

type Environment = Readonly<Record<string, string | undefined>>;

/** 100 consumers are released by each. */
const MAX_CALLS = 1_000;

/** @returns the consumers that lost what they held there */
export async function main(environment: Environment, fetch: Fetch = globalThis.fetch) {
  const { PLACEMENT_URL = "http://127.0.0.1:8778", HOST = "" } = environment;
  const transport = overHttp({ url: PLACEMENT_URL, credentials: authToken("admin"), fetch });
  const client = new PlacementClient({ transport, version: "1.39" });
  const { body } = await client.call("resource-providers/list", { parameters: { in_tree: HOST } });
  const released = new Set<string>();
  for (const { uuid } of body.resource_providers) {
    for (const consumer of await emptied(client, uuid)) released.add(consumer);
  }
  try {
    await client.call("resource-providers/delete", { parameters: { uuid: HOST, subtree: "true" } });
  } catch (error) {
    if (!(error instanceof PlacementRefusal) || error.status !== 404) throw error;
  }
  return [...released];
}

async function emptied(client: PlacementClient<"1.39">, uuid: string): Promise<string[]> {
  const released: string[] = [];
  for (let call = 0; call < MAX_CALLS; call += 1) {
    // With a key, a call whose answer was lost is sent again, and names the same consumers.
    const idempotencyKey = crypto.randomUUID();
    const { body } = await client.call("allocations/empty-provider", {
      parameters: { uuid },
      idempotencyKey,
    });
    released.push(...body.released.map((each) => each.consumer_uuid));
    if (!body.more) return released;
  }
  throw new Error(`${uuid} is claimed faster than it is emptied`);
}
