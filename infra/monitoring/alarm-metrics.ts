/**
 * What each alarm looks at: a metric, or the metrics of an expression. An alarm takes no search,
 * and at most ten metrics. `SUM` leaves missing values out; `FILL` gives a value to periods in
 * which nothing was counted at all.
 *
 * Source: CloudWatch user guide, "Using math expressions with CloudWatch metrics", "Configuring how
 * CloudWatch alarms treat missing data".
 */
import type { Duration } from "aws-cdk-lib";
import { type IMetric, MathExpression, type Metric } from "aws-cdk-lib/aws-cloudwatch";
import { tasks } from "../../functions/index.ts";
import { feedEvents } from "../../functions/maintenance/feed-events.ts";
import { finishChanges } from "../../functions/maintenance/finish-changes.ts";
import { releaseExpired } from "../../functions/maintenance/release-expired.ts";
import type { MetricName } from "../../lib/api/metrics/definitions.ts";
import type { AnyTask } from "../../lib/api/task-definition.ts";
import type { AlarmId } from "./alarm-rules.ts";
import { sumOf } from "./metric-math.ts";
import {
  lambdaMetric,
  ownMetric,
  queueMetric,
  type ThrottleReason,
  throttleMetrics,
} from "./metrics.ts";
import type { Observed } from "./observed.ts";
import type { Quotas } from "./props.ts";
import { tooManyRequests } from "./too-many-requests.ts";

export const MAX_METRICS = 10;

/** The id of the canary's task. */
const CANARY = "maintenance/canary";

type Make = (observed: Observed, period: Duration, quotas: Quotas) => IMetric;

/** Those of `FunctionThrottles` are in `function-throttles.ts`: they are more than one alarm takes. */
export const ALARM_METRICS: Readonly<Record<Exclude<AlarmId, "FunctionThrottles">, Make>> = {
  ServerErrors: ({ name, endpoints }, period) =>
    largestOf([
      // Direct invocations have no endpoint; functions that crash answer none of these.
      ownMetric(name, "Errors", { period }),
      ...endpoints.map((endpoint) => endpoint.metricErrors({ period })),
    ]),
  SlowRequests: ({ name }, period) => ownMetric(name, "Latency", { period, statistic: "p99" }),
  TooManyRequests: ({ name }, period) => tooManyRequests(name, { period }),
  Concurrency: (_, period, { concurrency }) =>
    expression(`100 * m0 / ${concurrency}`, [
      lambdaMetric("ClaimedAccountConcurrency", {}, { period, statistic: "Maximum" }),
    ]),
  HotPartition: throttled("HotPartition"),
  TableAccountLimit: throttled("TableAccountLimit"),
  TableOwnLimit: throttled("TableOwnLimit"),
  UnknownOutcomes: counted("UnknownOutcomes"),
  HeadNotRaised: counted("HeadNotRaised"),
  LargeChangeLeft: counted("LargeChangeLeft"),
  DamagedRecords: counted("DamagedRecords"),
  TaskFailures: failedTasks,
  VerifierFindings: counted("VerifierFindings"),
  LeaseLag: ({ name }, period) => ownMetric(name, "LeaseLag", { period, statistic: "Maximum" }),
  LeaseSweepHeld: counted("LeaseSweepHeld"),
  LeaseSweepMissing: runsOf(releaseExpired),
  FeedLag: feedLag,
  FeedFailures: ({ failures }, period) =>
    queueMetric(failures ?? "", { period, statistic: "Maximum" }),
  SweepMissing: runsOf(finishChanges),
  CanaryFailures: ({ name }, period) =>
    expression(sumOf(["FILL(m0, 0)", "0 - FILL(m1, 0)"]), [
      ownMetric(name, "CanaryRuns", { period }),
      ownMetric(name, "CanaryFailures", { period }),
    ]),
};

/** Lambda counts the age of what it has not fed yet, too, while the function fails. */
function feedLag({ name, functions }: Observed, period: Duration): IMetric {
  const FunctionName = functions.get(feedEvents.id)?.name ?? "";
  const options = { period, statistic: "Maximum" };
  return largestOf([
    ownMetric(name, "FeedLag", options),
    lambdaMetric("IteratorAge", { FunctionName }, options),
  ]);
}

function counted(metric: MetricName): Make {
  return ({ name }, period) => ownMetric(name, metric, { period });
}

function runsOf({ id: operation }: AnyTask): Make {
  return ({ name }, period) =>
    expression("FILL(m0, 0)", [ownMetric(name, "TaskRuns", { period }, { operation })]);
}

/**
 * Filled: an alarm on metrics of DynamoDB stays as it is while there are no values, and DynamoDB
 * counts nothing where it throttles nothing.
 */
function throttled(reason: ThrottleReason): Make {
  return ({ table }, period) => {
    const metrics = throttleMetrics(table, reason, { period });
    return expression(sumOf(metrics.map((_, index) => `FILL(m${index}, 0)`)), metrics);
  };
}

/**
 * Lambda counts runs that end without a line, too: out of time, or before the task began. The
 * canary has an alarm of its own, which one failure does not raise.
 */
function failedTasks({ name, functions }: Observed, period: Duration): IMetric {
  const crashed = tasks
    .filter(({ id }) => id !== CANARY)
    .map(({ id }) => {
      const FunctionName = functions.get(id)?.name ?? "";
      return lambdaMetric("Errors", { FunctionName }, { period });
    });
  const ids = crashed.map((_, index) => `m${index + 2}`);
  return expression(`MAX([${[sumOf(["m0", "0 - m1"]), ...ids].join(", ")}])`, [
    ownMetric(name, "TaskFailures", { period }),
    ownMetric(name, "CanaryFailures", { period }),
    ...crashed,
  ]);
}

function largestOf(metrics: readonly Metric[]): IMetric {
  return expression(`MAX([${metrics.map((_, index) => `m${index}`).join(", ")}])`, metrics);
}

/** @param metrics `m0`, `m1` and so on of the expression, all of one period */
export function expression(text: string, metrics: readonly Metric[]): IMetric {
  if (metrics.length > MAX_METRICS) throw new Error(`an alarm takes ${MAX_METRICS} metrics`);
  const [first] = metrics;
  return new MathExpression({
    expression: text,
    usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric])),
    ...(first === undefined ? {} : { period: first.period }),
  });
}
