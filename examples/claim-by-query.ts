/** A claim by query: what is needed is named, and a host is found and claimed in one call. */
import {
  authToken,
  type Fetch,
  isRefusal,
  overHttp,
  PlacementClient,
} from "serverless-placement/client";

type Environment = Readonly<Record<string, string | undefined>>;

/** @returns the hosts of both servers; undefined if there is no room for both */
export async function main(environment: Environment, fetch: Fetch = globalThis.fetch) {
  const {
    PLACEMENT_URL: url = "http://127.0.0.1:8778",
    SERVER_A = "",
    SERVER_B = "",
  } = environment;
  const transport = overHttp({ url, credentials: authToken("admin"), fetch });
  const client = new PlacementClient({ transport, version: "1.39" });
  const owner = { project_id: "demo", user_id: "demo", consumer_type: "INSTANCE" };
  const resources = "VCPU:2,MEMORY_MB:512";
  try {
    const { body } = await client.call("claims/create", {
      body: {
        consumers: [SERVER_A, SERVER_B].map((uuid) => ({ uuid, ...owner })),
        // Hosts with AVX2 if there are two places, else any.
        alternatives: [
          { query: { resources, required: "HW_CPU_X86_AVX2" } },
          { query: { resources } },
        ],
      },
      // A repeat after a lost answer claims nothing more.
      idempotencyKey: `claim-${SERVER_A}`,
    });
    return body.consumers.map(({ allocations }) => Object.keys(allocations));
  } catch (error) {
    if (isRefusal(error, "placement.claim.no_candidates")) return undefined;
    throw error;
  }
}
