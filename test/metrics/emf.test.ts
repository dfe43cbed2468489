/** Requests, faults and tasks are metrics in the lines of the log, as CloudWatch reads them. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { refuseUnrouted } from "../../functions/fallback/refuse.ts";
import { operations, tasks } from "../../functions/index.ts";
import { finishChanges } from "../../functions/maintenance/finish-changes.ts";
import { runtimeFrom } from "../../lib/api/deployed-runtime.ts";
import { isMetric, METRICS, NAMESPACE } from "../../lib/api/metrics/definitions.ts";
import { withMetrics } from "../../lib/api/metrics/emf.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { ERROR_CODES } from "../../lib/model/refusal.ts";
import { startApi } from "../support/api.ts";
import { type Datapoint, datapointsOf, printedLines, STACK, sumOf } from "../support/emf.ts";
import { CONFLICTS, LOSSES, THROTTLES } from "../support/faults.ts";
import { failBefore, loseAnswers } from "../support/faulty.ts";
import { useFaulty } from "../support/frame.ts";
import { printedBy } from "../support/printed.ts";
import { sourcesIn } from "../support/sources.ts";
import { claim, makeProvider } from "../support/world.ts";

/** CloudWatch's price of a custom metric for a month, in USD, for the first 10,000. */
const PRICE = 0.3;
const MAX_METRICS = 300;

const faulty = useFaulty();

/** The metrics of all that is logged while `work` runs. */
async function measured(work: () => Promise<unknown>): Promise<Datapoint[]> {
  const before = faulty.api.logs.length;
  await work();
  return datapointsOf(faulty.api.logs.slice(before));
}

describe("a request", () => {
  test("is counted and timed for the stack and for its operation, on one line", async () => {
    const { api } = faulty;
    const provider = await makeProvider(api, { VCPU: 8 });
    const before = api.logs.length;
    expect((await claim(api, randomUUID(), { [provider]: { VCPU: 1 } })).status).toBe(204);
    const lines = api.logs.slice(before);
    expect(lines).toHaveLength(1);
    const points = datapointsOf(lines);
    const operation = { operation: "allocations/replace" };
    expect(sumOf(points, "Requests")).toBe(1);
    expect(sumOf(points, "Requests", operation)).toBe(1);
    expect(sumOf(points, "Latency")).toBe(lines[0]?.["latency"]);
    expect(sumOf(points, "Latency", operation)).toBe(lines[0]?.["latency"]);
    // Five items of a transaction at 2 units each, its event among them, and the shard log.
    expect(sumOf(points, "WriteUnits")).toBe(11);
    for (const name of ["Errors", "Refusals", "Conflicts", "Throttles", "Retries"]) {
      expect(sumOf(points, name)).toBeUndefined();
    }
    for (const { namespace, unit, name } of points) {
      expect([namespace, unit]).toEqual([NAMESPACE, METRICS[name as "Latency"].unit]);
    }
    const [line = {}] = printedLines(lines);
    expect(line).toMatchObject({ message: "request", status: 204, stack: STACK, ...operation });
    expect(line).not.toHaveProperty("metrics");
  });

  test("that is refused is counted by the code of its refusal", async () => {
    const { api } = faulty;
    const provider = await makeProvider(api, { VCPU: 1 });
    const points = await measured(async () => {
      await claim(api, randomUUID(), { [provider]: { VCPU: 1 } }, 5);
      await api.request("GET", "/nowhere");
      await api.request("GET", "/also-nowhere");
    });
    expect(sumOf(points, "Refusals")).toBe(3);
    expect(sumOf(points, "Refusals", { code: "placement.concurrent_update" })).toBe(1);
    expect(sumOf(points, "Refusals", { code: "placement.undefined_code" })).toBe(2);
    expect(sumOf(points, "Requests", { operation: refuseUnrouted.id })).toBe(2);
    expect(sumOf(points, "Errors")).toBeUndefined();
  });

  test("meets a conflict and a throttle, which are counted, and its retries", async () => {
    const { api } = faulty;
    const provider = await makeProvider(api, { VCPU: 80 });
    for (const [name, faults] of [
      ["Conflicts", CONFLICTS],
      ["Throttles", THROTTLES],
    ] as const) {
      for (const fault of Object.values(faults)) {
        faulty.interpose(failBefore(2, ({ command }) => command === "TransactWrite", fault));
        const points = await measured(() => claim(api, randomUUID(), { [provider]: { VCPU: 1 } }));
        expect(sumOf(points, name)).toBe(2);
        expect(sumOf(points, "Retries")).toBe(2);
        expect(sumOf(points, "Errors")).toBeUndefined();
        faulty.interpose(undefined);
      }
    }
  });

  test("of which nobody knows the outcome is counted, and is an error", async () => {
    const { api } = faulty;
    const provider = await makeProvider(api, { VCPU: 8 });
    const fault = LOSSES["a timeout"] ?? (() => new Error());
    faulty.interpose(loseAnswers(1_000, ({ command }) => command === "TransactWrite", fault));
    const points = await measured(async () => {
      const { status } = await claim(api, randomUUID(), { [provider]: { VCPU: 1 } });
      expect(status).toBe(503);
    });
    expect(sumOf(points, "UnknownOutcomes")).toBe(1);
    expect(sumOf(points, "Errors")).toBe(1);
    expect(sumOf(points, "Errors", { operation: "allocations/replace" })).toBe(1);
  });
});

test("a search measures the providers in memory, and whether they had to be read", async () => {
  const { api, clock } = faulty;
  const search = () => api.request("GET", "/allocation_candidates?resources=VCPU:1");
  await search();
  const before = (await faulty.sound.request("GET", "/resource_providers")).body;
  clock.pass(5_000);
  const warm = await measured(search);
  expect(sumOf(warm, "SnapshotSize")).toBe(before.resource_providers.length);
  expect(sumOf(warm, "SnapshotAge")).toBeGreaterThanOrEqual(5_000);
  expect(sumOf(warm, "ColdReads")).toBeUndefined();
  expect(sumOf(warm, "ReadUnits")).toBeGreaterThan(0);
});

test("the first search of a function is a cold read, and no other one", async () => {
  const api = await startApi({ tableName: faulty.api.tableName });
  try {
    await api.request("GET", "/resource_providers");
    await api.request("GET", "/resource_providers");
    expect(datapointsOf(api.logs).filter(({ name }) => name === "ColdReads")).toMatchObject([
      { value: 1, dimensions: { stack: STACK } },
    ]);
  } finally {
    await api.close();
  }
});

test("a run of a task is counted by its task, and its failure", async () => {
  const run = (event: unknown) =>
    taskLambda(finishChanges, async () => faulty.api.runtime)(event).catch(() => undefined);
  const task = { operation: finishChanges.id };
  const points = await measured(() => run({}));
  expect(sumOf(points, "TaskRuns", task)).toBe(1);
  expect(sumOf(points, "TaskRuns")).toBe(1);
  expect(sumOf(points, "TaskFailures")).toBeUndefined();
  expect(sumOf(points, "Requests")).toBeUndefined();
  const failed = await measured(() => run({ batch_size: "many" }));
  expect(sumOf(failed, "TaskRuns", task)).toBe(1);
  expect(sumOf(failed, "TaskFailures", task)).toBe(1);
});

test("what the store warns of by the name of a metric is one", () => {
  const named = sourcesIn("lib").flatMap(({ text }) =>
    [...text.matchAll(/\bmetric: "(\w+)"/g)].map(([, name = ""]) => name),
  );
  expect(new Set(named)).toEqual(new Set(["HeadNotRaised", "LargeChangeLeft", "DamagedRecords"]));
  for (const name of named) {
    expect(isMetric(name)).toBe(true);
    const points = datapointsOf([{ level: "WARN", message: "x", metric: name }]);
    expect(points).toMatchObject([{ name, value: 1, dimensions: { stack: STACK } }]);
  }
});

describe("a function", () => {
  const environment = { TABLE_NAME: "table", AWS_REGION: "eu-west-1" };
  const line = { level: "WARN", message: "m", metric: "DamagedRecords" };

  test("prints metrics under the name of its stack, as JSON and nothing before it", () => {
    const { log } = runtimeFrom({ ...environment, PLACEMENT_STACK: "cell1" });
    const [printed = "", ...others] = printedBy(() => log(line));
    expect(others).toEqual([]);
    expect(JSON.parse(printed)).toMatchObject({ ...line, stack: "cell1", DamagedRecords: 1 });
    expect(JSON.parse(printed)._aws.CloudWatchMetrics).toEqual([
      {
        Namespace: NAMESPACE,
        Dimensions: [["stack"]],
        Metrics: [{ Name: "DamagedRecords", Unit: "Count" }],
      },
    ]);
  });

  test("without a stack's name has none", () => {
    const { log } = runtimeFrom(environment);
    expect(printedBy(() => log(line)).map((text) => JSON.parse(text))).toEqual([line]);
  });
});

test("a metric that cannot be declared takes no line away", () => {
  const seen: unknown[] = [];
  const log = withMetrics((entry) => seen.push(entry), { stack: STACK, clock: { now: Date.now } });
  log({ message: "request", metrics: { Latency: 5, Colour: 1, Errors: "many" } });
  log({ message: "plain" });
  log({ message: "odd", metrics: null, metric: "Colour" });
  expect(seen).toMatchObject([{ message: "request", Latency: 5 }, { message: "plain" }, {}]);
  expect(seen[0]).not.toHaveProperty("Colour");
  expect(seen[0]).not.toHaveProperty("Errors");
  expect(seen[1]).toEqual({ message: "plain" });
  log({ message: "request", operation: " ", metrics: { Requests: 1 } });
  expect(seen[3]).toMatchObject({ message: "request" });
});

test("there are at most 300 custom metrics, as many as the document says, at its price", () => {
  const kinds = (name: string, by: string | undefined) => {
    if (by === "code") return ERROR_CODES.length;
    if (by === undefined) return 0;
    return /^Task/.test(name) ? tasks.length : operations.length + 1;
  };
  const amounts = Object.entries(METRICS).map(([name, definition]) => {
    return 1 + kinds(name, "by" in definition ? definition.by : undefined);
  });
  const amount = amounts.reduce((sum, each) => sum + each, 0);
  expect(amount).toBeLessThanOrEqual(MAX_METRICS);
  const document = readFileSync("docs/monitoring.md", "utf8");
  expect(document).toContain(`at most ${amount} custom metrics`);
  expect(document).toContain(`${(amount * PRICE).toFixed(2)} USD a month`);
  for (const [name, { unit, meaning }] of Object.entries(METRICS)) {
    expect(document).toMatch(new RegExp(`\\| \`${name}\` \\| ${unit} \\| .* \\| ${meaning} \\|`));
  }
});
