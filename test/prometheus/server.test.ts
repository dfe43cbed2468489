/** The local server's own metrics, after those of resource providers. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readExposition } from "../support/exposition.ts";
import { HttpClient } from "../support/http-client.ts";
import { Program } from "../support/program.ts";
import { until } from "../support/until.ts";

const REQUESTS = "placement_server_requests_total";
const DURATIONS = "placement_server_request_duration_seconds";
const CALLS = "placement_server_engine_call_duration_seconds";

describe("npm start", () => {
  const program = new Program({ args: ["--memory", "--port", "0", "--base-path", "/placement"] });
  let http: HttpClient;

  const ask = (path: string, method = "GET", headers: Record<string, string> = {}) =>
    http.send({
      method,
      path: `/placement${path}`,
      headers: { authorization: "Bearer admin", ...headers },
    });

  async function metrics(query = "") {
    const { status, body } = await ask(`/metrics${query}`);
    expect(status).toBe(200);
    return readExposition(body);
  }

  /** By their labels and, of histograms, their suffix. */
  async function samples(family: string) {
    const found = (await metrics()).get(family)?.samples ?? [];
    const rows = found.map(({ name, labels, value }) => {
      const suffix = name.slice(family.length);
      return [[suffix, ...Object.values(labels)].filter((text) => text !== "").join(" "), value];
    });
    return new Map(rows as [string, number][]);
  }

  beforeAll(async () => {
    http = new HttpClient(new URL(await program.ready()).origin);
  }, 60_000);
  afterAll(async () => {
    http?.close();
    await program.stop();
  });

  test("counts requests by operation and status", async () => {
    for (let count = 0; count < 3; count += 1) await ask(`/resource_providers/${randomUUID()}`);
    await ask("/resource_providers");
    await ask("/nowhere");
    await ask("/traits", "GET", { host: "elsewhere.example" });
    const counted = await until("all are counted", async () => {
      const found = await samples(REQUESTS);
      return found.has("none 421") ? found : undefined;
    });
    expect(Object.fromEntries(counted)).toMatchObject({
      "resource-providers/show 404": 3,
      "resource-providers/list 200": 1,
      "fallback/refuse 404": 1,
      "none 421": 1,
    });
    expect(counted.has("metrics/list 404")).toBe(false);
  });

  test("measures how long they took, in a histogram that is whole", async () => {
    await ask("/traits");
    const found = await until("it is counted", async () => {
      const all = await samples(DURATIONS);
      return all.has("_count traits/list") ? all : undefined;
    });
    const buckets = [...found].filter(([name]) => /^_bucket .*traits\/list/.test(name));
    const values = buckets.map(([, value]) => value);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(values.at(-1)).toBe(found.get("_count traits/list"));
    expect(found.get("_sum traits/list")).toBeGreaterThan(0);
  });

  test("shows the request that asks as one in progress", async () => {
    expect([...(await samples("placement_server_requests_in_progress")).values()]).toEqual([1]);
  });

  test("measures the calls of the engine", async () => {
    const before = (await samples(CALLS)).get("_count GetItem answered") ?? 0;
    await ask(`/consumers/${randomUUID()}`);
    expect((await samples(CALLS)).get("_count GetItem answered")).toBeGreaterThan(before);
  });

  test("shows the event loop and the process, after resource providers", async () => {
    const names = [...(await metrics()).keys()];
    expect(names).toContain("nodejs_eventloop_lag_seconds");
    expect(names).toContain("process_cpu_seconds_total");
    expect(names.indexOf("openstack_placement_up")).toBeLessThan(names.indexOf(REQUESTS));
  });

  test("shows them in the first part alone", async () => {
    expect((await metrics("?part=1/2")).has(REQUESTS)).toBe(true);
    const other = await metrics("?part=2/2");
    expect(other.has(REQUESTS)).toBe(false);
    expect(other.has("openstack_placement_resource_total")).toBe(true);
  });
});
