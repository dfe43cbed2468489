/** The alarms of a stack as CloudWatch takes them, the dashboard, and the setting. */
import { readFileSync } from "node:fs";
import { AwsSolutionsChecks, ServerlessChecks } from "cdk-nag";
import { afterAll, describe, expect, it } from "vitest";
import { BadSettings } from "../../infra/bad-settings.ts";
import { ALARM_IDS, ruleOf } from "../../infra/monitoring/alarm-rules.ts";
import { DEFAULT_PRICES } from "../../infra/monitoring/prices.ts";
import { readOptions } from "../../infra/monitoring/props.ts";
import { readSettings } from "../../infra/settings.ts";
import { isMetric, NAMESPACE } from "../../lib/api/metrics/definitions.ts";
import { PRICES } from "../../scripts/docs/costs/prices.ts";
import { type Assembly, synthesize } from "../stack/support/assembly.ts";
import { apiOf } from "../stack/support/routes.ts";
import { metricsOf } from "../support/cloudwatch/alarm-state.ts";
import { estimated, linesOf, widgetsOf } from "./support/dashboard.ts";
import { alarmsOf, monitoredStack, partsOf, TOPIC } from "./support/monitored.ts";
import { NOW } from "./support/timeline.ts";

const MILLION = 1_000_000;
const DAY = 86_400;
/** Of CloudWatch. */
const MAX_ALARM_METRICS = 10;

const three = monitoredStack();
const one = synthesize(
  {
    monitoring: {
      alarmTopicArn: TOPIC,
      thresholds: { SlowRequests: 2_000 },
      quotas: { concurrency: 3_000 },
      runbook: "https://wiki.example/placement",
    },
  },
  { templateOnly: true },
);
afterAll(() => {
  for (const assembly of [three, one]) assembly.remove();
});

const document = (name: string) => readFileSync(`docs/${name}.md`, "utf8");
const added = (assembly: Assembly) =>
  Object.keys(assembly.resources).filter((id) => id.startsWith("Monitoring"));

describe.each([
  ["three endpoints and a canary", three],
  ["one endpoint", one],
])("with %s, an alarm", (_, assembly) => {
  const alarms = [...alarmsOf(assembly)];

  it("is one that CloudWatch takes", () => {
    for (const part of alarms.flatMap(([, alarm]) => partsOf(assembly, alarm))) {
      const metrics = metricsOf(part);
      expect(metrics.length).toBeGreaterThan(0);
      expect(metrics.length).toBeLessThanOrEqual(MAX_ALARM_METRICS);
      expect(JSON.stringify(part.Metrics ?? [])).not.toContain("SEARCH");
      const [{ Period = 0 } = {}] = metrics;
      expect(Period % 60).toBe(0);
      expect(Period * part.EvaluationPeriods).toBeLessThanOrEqual(DAY);
      expect(part.DatapointsToAlarm).toBeLessThanOrEqual(part.EvaluationPeriods);
    }
  });

  it("tells the topic when it is raised and when it is over", () => {
    for (const [, { Properties }] of alarms) {
      expect([Properties.AlarmActions, Properties.OKActions]).toEqual([[TOPIC], [TOPIC]]);
    }
  });

  it("has a name that begins with the stack's, and links to its section", () => {
    const runbook =
      assembly === one ? "https://wiki.example/placement" : "https://github.com/.*/docs/runbook.md";
    for (const [id, { Properties }] of alarms) {
      expect(Properties.AlarmName).toBe(`placement-${id}`);
      expect(Properties.AlarmDescription).toMatch(new RegExp(`${runbook}#${id.toLowerCase()}$`));
    }
  });
});

it("has every alarm, that of the canary only where there is one", () => {
  expect([...alarmsOf(three).keys()].sort()).toEqual([...ALARM_IDS].sort());
  const others = ALARM_IDS.filter((id) => id !== "CanaryFailures");
  expect([...alarmsOf(one).keys()].sort()).toEqual(others.sort());
});

it("has the thresholds that its document says", () => {
  const rows = [...document("monitoring").matchAll(/^\| `(\w+)` \| (\d+) \| (.*) \|$/gm)];
  const wanted = ALARM_IDS.map((id) => [id, String(ruleOf(id).threshold), ruleOf(id).unit]);
  const ids: readonly string[] = ALARM_IDS;
  expect(rows.map((row) => row.slice(1)).filter(([id = ""]) => ids.includes(id))).toEqual(wanted);
});

it("adds as many resources and metrics of alarms as its document says", () => {
  const canary = 1;
  const text = document("monitoring").replaceAll("\n", " ");
  const [few, more] = [added(one).length, added(three).length - canary];
  expect(text).toContain(`adds ${few} resources to the stack`);
  expect(text).toContain(`with three ${more}, and one with the canary`);
  const parts = [...alarmsOf(one).values()].flatMap((alarm) => partsOf(one, alarm));
  expect(text).toContain(`look at ${parts.flatMap(metricsOf).length} metrics`);
  expect(Object.keys(three.resources).length).toBeLessThan(435);
});

it.each([
  ["AwsSolutions", AwsSolutionsChecks],
  ["Serverless", ServerlessChecks],
] as const)("has no finding of cdk-nag's %s", (_, Pack) => {
  expect(new Pack().validateScope(three.stack).violations).toEqual([]);
});

describe("the setting", () => {
  const withMonitoring = (monitoring: object) => () => readSettings({ monitoring });

  it("sets thresholds and quotas by name", () => {
    const [slow] = partsOf(one, alarmsOf(one).get("SlowRequests") ?? fail());
    expect(slow?.Threshold).toBe(2_000);
    const [concurrency] = partsOf(one, alarmsOf(one).get("Concurrency") ?? fail());
    expect(concurrency?.Metrics?.[0]?.Expression).toBe("100 * m0 / 3000");
  });

  it("is refused without a topic, and with names and values that are none", () => {
    expect(withMonitoring({})).toThrow("monitoring.alarmTopicArn");
    const topic = { alarmTopicArn: TOPIC };
    expect(withMonitoring(topic)).not.toThrow();
    expect(withMonitoring({ alarmTopicArn: "operators" })).toThrow(BadSettings);
    expect(withMonitoring({ ...topic, thresholds: { Slow: 1 } })).toThrow(BadSettings);
    expect(withMonitoring({ ...topic, prices: { water: 1 } })).toThrow(BadSettings);
    expect(withMonitoring({ ...topic, runbook: "wiki" })).toThrow(BadSettings);
    expect(() => readOptions({ thresholds: { ServerErrors: 0 } })).toThrow("ServerErrors");
    expect(() => readOptions({ quotas: { concurrency: -1 } })).toThrow(BadSettings);
    expect(() => readOptions({ prices: { logs: Number.NaN } })).toThrow(BadSettings);
    expect(readOptions({ prices: { logs: 0 } }).prices.logs).toBe(0);
  });

  it("is refused where the functions emit no metrics", () => {
    for (const settings of [{ metrics: false }, { logClass: "infrequentAccess" }]) {
      const monitoring = { alarmTopicArn: TOPIC };
      expect(() => synthesize({ ...settings, monitoring }, { templateOnly: true })).toThrow(
        "monitoring needs the metrics",
      );
    }
  });
});

it("estimates costs at the prices of the model", () => {
  expect(DEFAULT_PRICES.readUnits / MILLION).toBeCloseTo(PRICES.readUnit, 12);
  expect(DEFAULT_PRICES.writeUnits / MILLION).toBeCloseTo(PRICES.writeUnit, 12);
  expect(DEFAULT_PRICES.lambdaRequests / MILLION).toBeCloseTo(PRICES.lambdaRequest, 12);
  expect(DEFAULT_PRICES.lambdaGigabyteSecond).toBe(PRICES.lambdaGigabyteSecond);
});

describe("the dashboard", () => {
  const widgets = widgetsOf(three);
  const lines = widgets.flatMap(linesOf);

  it("answers each question of an operator", () => {
    const titles = widgets.map(({ properties }) => properties.title ?? "").join("\n");
    for (const question of [
      "Alarms",
      "Requests by operation",
      "Refusals by code",
      "Latency by operation",
      "Concurrency of the account",
      "units a second",
      "Throttles of the table, by reason",
      "Large changes",
      "Verifier",
      "Canary",
      "Cost of a day",
    ]) {
      expect(titles).toContain(question);
    }
    const text = (assembly: Assembly) =>
      widgetsOf(assembly).map(({ properties }) => properties.markdown);
    expect(text(three).join()).toContain("contributorInsights");
    for (const { x, width } of widgets) expect(x + width).toBeLessThanOrEqual(24);
  });

  it("shows metrics that there are, and searches for those of its stack alone", () => {
    const own = lines.filter(({ namespace }) => namespace === NAMESPACE);
    expect(own.length).toBeGreaterThan(20);
    for (const { name, dimensions } of own) {
      expect([name, isMetric(name), dimensions["stack"]]).toEqual([name, true, "placement"]);
    }
    const searches = lines.flatMap(({ expression = "" }) =>
      expression.includes("SEARCH") ? [expression] : [],
    );
    expect(searches).toHaveLength(3);
    for (const search of searches) expect(search).toContain('stack="placement"');
  });

  it("multiplies what a day consumed by its prices", () => {
    const cost = widgets.find(({ properties }) => properties.title?.startsWith("Cost"));
    if (cost === undefined) throw new Error("there is no cost");
    const parts = linesOf(cost);
    const at = NOW - 3_600_000;
    const point = (namespace: string, name: string, dimensions: object, value: number) => {
      return { namespace, name, unit: "Count", dimensions: { ...dimensions }, value, at };
    };
    const [[table] = [""]] = three.ofType("AWS::DynamoDB::GlobalTable");
    const own = { stack: "placement" };
    const replace = { ...own, operation: "allocations/replace" };
    const points = [
      point("AWS/ApiGateway", "Count", { ApiId: apiOf(three, "iam").id }, MILLION),
      point("AWS/ApiGateway", "Count", { ApiName: "placement-jwt", Stage: "placement" }, MILLION),
      point(NAMESPACE, "Requests", own, 2 * MILLION),
      point(NAMESPACE, "Latency", replace, 10_000 * MILLION),
      point("AWS/DynamoDB", "ConsumedReadCapacityUnits", { TableName: table }, 4 * MILLION),
      point("AWS/DynamoDB", "ConsumedWriteCapacityUnits", { TableName: table }, 8 * MILLION),
      point(
        "AWS/Logs",
        "IncomingBytes",
        { LogGroupName: "/aws/lambda/placement-root-show" },
        2 ** 31,
      ),
    ];
    const sums = {
      "API Gateway": 1 + 3.5,
      invocations: 0.4,
      // 10 million seconds with 1 GB.
      "time of functions": 133.334,
      "read units": 0.5,
      "write units": 5,
      logs: 1,
    };
    const total = Object.values(sums).reduce((sum, value) => sum + value, 0);
    const found = estimated(parts, points, NOW);
    for (const [label, value] of Object.entries({ ...sums, "in all": total })) {
      expect([label, found[label]?.toFixed(6)]).toEqual([label, value.toFixed(6)]);
    }
  });
});

function fail(): never {
  throw new Error("the stack lacks an alarm");
}
