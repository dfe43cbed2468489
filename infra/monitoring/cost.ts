/** A day's cost, estimated by metric math from metrics and configured prices. */
import { Duration } from "aws-cdk-lib";
import {
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  type Metric,
  TextWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import { refuseUnrouted } from "../../functions/fallback/refuse.ts";
import { operations } from "../../functions/index.ts";
import { PlacementRestApi } from "../endpoints/rest-api.ts";
import { sumOf } from "./metric-math.ts";
import { logBytes, ownMetric, tableMetric } from "./metrics.ts";
import type { Observed } from "./observed.ts";
import type { Prices } from "./prices.ts";
import { WIDTH } from "./widgets/graph.ts";

const MILLION = 1_000_000;
const GIGABYTE = 1_024 ** 3;
const MEGABYTES_OF_GIGABYTE = 1_024;
const MILLISECONDS = 1_000;
const HEIGHT = 8;
/** Of a price, behind the point. */
const DIGITS = 12;

const period = Duration.days(1);

interface Part {
  readonly metric: Metric;
  /** USD for `per` units of the metric. */
  readonly price: number;
  readonly per: number;
}

export function costRow(observed: Observed, prices: Prices): IWidget[] {
  const parts = Object.entries(costParts(observed, prices)).map(([label, list], index) =>
    costOf(label, list, `c${index}m`),
  );
  const ids = parts.map((_, index) => `c${index}`);
  const total: IMetric = new MathExpression({
    expression: sumOf(ids),
    usingMetrics: Object.fromEntries(parts.map((part, index) => [`c${index}`, part])),
    label: "in all",
    period,
  });
  const title = "Cost of a day, USD, estimated";
  const left = [...parts, total];
  return [
    new GraphWidget({ title, left, period, width: (WIDTH * 2) / 3, height: HEIGHT }),
    new TextWidget({ markdown: ASSUMED, width: WIDTH / 3, height: HEIGHT }),
  ];
}

/** What a stack pays for, by the words of the graph. */
export function costParts(
  { name, table, endpoints, functions, authorizers }: Observed,
  prices: Prices,
): Readonly<Record<string, readonly Part[]>> {
  const units = (kind: "Read" | "Write", price: number) => ({
    metric: tableMetric(table.tableName, `Consumed${kind}CapacityUnits`, { period }),
    price,
    per: MILLION,
  });
  const invocation = { price: prices.lambdaRequests, per: MILLION };
  const names = [...[...functions.values()].map((each) => each.name), ...authorizers];
  return {
    "API Gateway": endpoints.map(({ api, metricCount }) => ({
      metric: metricCount({ period }),
      price: api instanceof PlacementRestApi ? prices.restApi : prices.httpApi,
      per: MILLION,
    })),
    invocations: [
      { metric: ownMetric(name, "Requests", { period }), ...invocation },
      { metric: ownMetric(name, "TaskRuns", { period }), ...invocation },
    ],
    "time of functions": [...operations, refuseUnrouted].map(({ id: operation }) => {
      const { memorySize = 0 } = functions.get(operation) ?? {};
      const gigabytes = memorySize / MEGABYTES_OF_GIGABYTE;
      return {
        metric: ownMetric(name, "Latency", { period }, { operation }),
        price: gigabytes * prices.lambdaGigabyteSecond,
        per: MILLISECONDS,
      };
    }),
    "read units": [units("Read", prices.readUnits)],
    "write units": [units("Write", prices.writeUnits)],
    logs: [
      ...endpoints.map(({ accessLog }) => accessLog.logGroupName),
      ...names.map((each) => `/aws/lambda/${each}`),
    ].map((group) => ({ metric: logBytes(group, { period }), price: prices.logs, per: GIGABYTE })),
  };
}

/** Metric math has no exponents. */
const decimal = (value: number) => value.toFixed(DIGITS).replace(/\.?0+$/, "");

/** Metrics of one price are summed first. @param prefix of the ids of metrics */
function costOf(label: string, parts: readonly Part[], prefix: string): MathExpression {
  const byPrice = new Map<string, string[]>();
  for (const [index, { price, per }] of parts.entries()) {
    const factor = `${decimal(price)} / ${per}`;
    byPrice.set(factor, [...(byPrice.get(factor) ?? []), `${prefix}${index}`]);
  }
  return new MathExpression({
    expression: sumOf([...byPrice].map(([factor, ids]) => `${sumOf(ids)} * ${factor}`)),
    usingMetrics: Object.fromEntries(
      parts.map(({ metric }, index) => [`${prefix}${index}`, metric]),
    ),
    label,
    period,
  });
}

const ASSUMED = [
  "### What the estimate has",
  "",
  "Requests, functions, read and write units and logs, at the prices of the settings. Not in it:",
  "storage and backups of the table, provisioned concurrency, time of tasks and of authorizers,",
  "metrics, alarms, data that leaves AWS, free tiers.",
].join("\n");
