/** What the local server tells of itself: its requests, and how far its feeder is behind. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { quantile } from "../../lib/local/metrics/quantile.ts";
import { serverMetrics } from "../../lib/local/metrics/server-metrics.ts";
import { feedAll } from "../support/events-feed.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { Program } from "../support/program.ts";
import { REPEATS } from "../support/repeats.ts";
import { until } from "../support/until.ts";
import { makeProvider } from "../support/world.ts";
import { iso, readStatus, type Status } from "./support.ts";

describe("requests", () => {
  const clock = fastClock();
  const started = clock.now();
  const api = useApi({ clock, metrics: serverMetrics(clock) });
  const ask = (path: string, headers: Record<string, string> = {}) =>
    api.request("GET", path, { headers });
  const requestsOf = ({ requests }: Status) => {
    if (requests === null) throw new Error("a server has requests");
    return requests;
  };
  const operations = ({ requests }: Status) =>
    new Map(requests?.by_operation.map((each) => [each.operation, each]));

  test("are counted by operation, refusals by status and code", async () => {
    for (let count = 0; count < 3; count += 1) await ask(`/resource_providers/${randomUUID()}`);
    await ask("/resource_providers");
    await ask("/traits", { host: "elsewhere.example" });
    const status = await until("all are counted", async () => {
      const found = await readStatus(api);
      return operations(found).has("none") ? found : undefined;
    });
    expect(status.scope).toBe("server");
    expect(requestsOf(status).since).toBe(iso(started));
    expect(operations(status).get("resource-providers/show")).toMatchObject({
      count: 3,
      errors: 0,
    });
    expect(operations(status).get("resource-providers/list")).toMatchObject({ count: 1 });
    expect(requestsOf(status).refusals).toEqual([
      { status: 404, code: "placement.undefined_code", count: 3 },
      { status: 421, code: expect.any(String), count: 1 },
    ]);
  });

  test("have times, of half of them and of nearly all", async () => {
    const { p50_ms: half, p99_ms: most } =
      operations(await readStatus(api)).get("resource-providers/show") ?? {};
    expect(half).toBeGreaterThan(0);
    expect(most).toBeGreaterThanOrEqual(half ?? Number.NaN);
  });

  test("are listed from the most frequent on", async () => {
    const counts = requestsOf(await readStatus(api)).by_operation.map(({ count }) => count);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
  });
});

describe.each(REPEATS)("the feed, where writes are repeated by %s,", (repeats) => {
  const clock = fastClock();
  const api = useApi({ clock, metrics: serverMetrics(clock), events: "left", repeats });

  test("lags by the oldest event that is not in it", async () => {
    expect((await readStatus(api)).events).toEqual({ lag_seconds: 0, appended_at: null });
    await makeProvider(api, { VCPU: 1 });
    clock.pass(3_000);
    await makeProvider(api, { VCPU: 1 });
    expect((await readStatus(api)).events?.lag_seconds).toBe(3);
    await feedAll(api);
    expect((await readStatus(api)).events?.lag_seconds).toBe(0);
  });
});

describe("a quantile", () => {
  const of = (...counts: readonly number[]) =>
    [0.01, 0.1, 1, Number.POSITIVE_INFINITY].map((upTo, index) => ({
      upTo,
      count: counts.slice(0, index + 1).reduce((sum, count) => sum + count, 0),
    }));

  test.each([
    [of(0, 0, 0, 0), 0.5, undefined],
    [of(10, 0, 0, 0), 0.5, 0.005],
    [of(0, 10, 0, 0), 0.5, 0.055],
    [of(90, 10, 0, 0), 0.99, 0.091],
    [of(0, 0, 0, 5), 0.5, 1],
    [of(1, 0, 0, 0), 1, 0.01],
  ])("of %j, %d is %s", (buckets, part, expected) => {
    const found = quantile(buckets, part);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toBeCloseTo(expected, 9);
  });
});

test("npm start tells it, and a client of the package asks for it", async () => {
  const program = new Program({ args: ["--memory", "--port", "0"] });
  const url = await program.ready();
  const headers = { authorization: "Bearer admin" };
  const status = (await (await fetch(`${url}/status`, { headers })).json()) as Status;
  expect(status).toMatchObject({ scope: "server", verification: null });
  expect(status.events?.lag_seconds).toBeGreaterThanOrEqual(0);
  expect(status.requests?.by_operation).toEqual([]);
  expect(await program.stop()).toBe(0);
});
