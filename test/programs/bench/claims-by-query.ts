/** Claims by query beside a search and a claim by the same clients, each one request after the other. */
import { randomUUID } from "node:crypto";
import { authToken, overHttp, PlacementClient } from "../../../lib/client/index.ts";
import { OWNER } from "../../support/world.ts";
import { median } from "./measure.ts";
import { Load } from "./peer/load.ts";
import { withOurs } from "./peer/ours.ts";
import { seedWorld } from "./peer/seed.ts";
import { makeWorld } from "./peer/world.ts";
import { heading, table, targetAtLeast } from "./report.ts";

export interface ClaimsByQueryOptions {
  readonly clients: readonly number[];
  readonly hosts: number;
  /** Milliseconds of a slice. */
  readonly milliseconds: number;
  readonly slices: number;
}

type Client = PlacementClient<"1.39">;
type Way = (client: Client) => Promise<void>;

const RESOURCES = "VCPU:1,MEMORY_MB:512,DISK_GB:1";
const LEAST = 2;
const SEED = 1;

const byQuery: Way = async (client) => {
  await client.call("claims/create", {
    body: { consumers: [OWNER], alternatives: [{ query: { resources: RESOURCES } }] },
  });
};

/** The candidate is drawn, so that clients do not meet on the first one. */
const bySearch: Way = async (client) => {
  const found = await client.call("allocation-candidates/list", {
    parameters: { resources: RESOURCES, limit: "100" },
  });
  const all = found.body.allocation_requests;
  const candidate = all[Math.floor(Math.random() * all.length)];
  if (candidate === undefined) throw new Error("no candidate");
  await client.call("allocations/replace", {
    parameters: { consumer_uuid: randomUUID() },
    body: { ...candidate, ...OWNER, consumer_generation: null },
  });
};

/** Claims a second. */
async function rateOf(client: Client, way: Way, clients: number, milliseconds: number) {
  const began = performance.now();
  const end = began + milliseconds;
  let done = 0;
  const work = async () => {
    while (performance.now() < end) {
      await way(client);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, work));
  return (1_000 * done) / (performance.now() - began);
}

export async function benchClaimsByQuery(options: ClaimsByQueryOptions): Promise<void> {
  const { hosts, milliseconds, slices } = options;
  heading(`Claims a second on ${hosts} hosts: by query, and by GET with limit=100 and PUT`);
  const world = makeWorld(SEED, { hosts, consumers: 1, spare: 1 });
  await withOurs(async ({ url }) => {
    const load = new Load(url);
    await seedWorld(load, world);
    load.rest();
    const transport = overHttp({ url, credentials: authToken("admin") });
    const client = new PlacementClient({ transport, version: "1.39" });
    const rows = [];
    for (const clients of options.clients) {
      const pairs: { readonly query: number; readonly search: number }[] = [];
      // The first pair warms up.
      for (let slice = 0; slice <= slices; slice += 1) {
        const query = await rateOf(client, byQuery, clients, milliseconds);
        const search = await rateOf(client, bySearch, clients, milliseconds);
        if (slice > 0) pairs.push({ query, search });
      }
      const ratio = median(pairs.map(({ query, search }) => query / search));
      const what = `claims by query, ${clients} clients, times the claims by GET and PUT`;
      rows.push([
        clients,
        median(pairs.map(({ query }) => query)),
        median(pairs.map(({ search }) => search)),
        ratio,
        targetAtLeast(what, ratio, LEAST),
      ]);
    }
    table(["clients", "by query", "GET and PUT", "ratio", `at least ${LEAST}`], rows);
  });
}
