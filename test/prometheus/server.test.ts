/** The local server's own metrics, after those of resource providers. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { serverMetrics } from "../../lib/local/metrics/server-metrics.ts";
import { readExposition } from "../support/exposition.ts";
import { useApi } from "../support/frame.ts";
import { Program } from "../support/program.ts";
import { until } from "../support/until.ts";

const REQUESTS = "placement_server_requests_total";
const DURATIONS = "placement_server_request_duration_seconds";
const CALLS = "placement_server_engine_call_duration_seconds";

const api = useApi({ metrics: serverMetrics() });

const ask = (path: string, headers: Record<string, string> = {}) =>
  api.request("GET", path, { headers });

async function metrics(query = "") {
  const { status, body } = await ask(`/metrics${query}`);
  expect(status).toBe(200);
  return readExposition(body);
}

/** By their labels and, of histograms, their suffix. */
async function samples(family: string) {
  const found = (await metrics()).get(family)?.samples ?? [];
  return new Map(
    found.map(({ name, labels, value }) => {
      const words = [name.slice(family.length), ...Object.values(labels)];
      return [words.filter((word) => word !== "").join(" "), value] as const;
    }),
  );
}

describe("the local server", () => {
  test("counts requests by operation and status", async () => {
    for (let count = 0; count < 3; count += 1) await ask(`/resource_providers/${randomUUID()}`);
    await ask("/resource_providers");
    await ask("/nowhere");
    await ask("/traits", { host: "elsewhere.example" });
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

test("npm start has them, below its base path", async () => {
  const program = new Program({ args: ["--memory", "--port", "0", "--base-path", "/placement"] });
  const url = await program.ready();
  const headers = { authorization: "Bearer admin" };
  const ask = async () => (await fetch(`${url}/metrics`, { headers })).text();
  await ask();
  const families = readExposition(await ask());
  expect(families.get("openstack_placement_up")?.samples).toMatchObject([{ value: 1 }]);
  expect(families.get(REQUESTS)?.samples).toMatchObject([
    { labels: { operation: "metrics/list", status: "200" }, value: 1 },
  ]);
  expect(families.get(CALLS)?.samples.length).toBeGreaterThan(0);
  expect(families.has("nodejs_eventloop_lag_seconds")).toBe(true);
  expect(await program.stop()).toBe(0);
});
