/** Capacity that is used, against quotas, and partitions that take too much of it. */
import { type IMetric, type IWidget, MathExpression, TextWidget } from "aws-cdk-lib/aws-cloudwatch";
import {
  lambdaMetric,
  ownMetric,
  THROTTLE_REASONS,
  type ThrottleReason,
  tableMetric,
  throttleMetrics,
} from "../metrics.ts";
import type { Observed } from "../observed.ts";
import type { Quotas } from "../props.ts";
import { graph, PERIOD, WIDTH } from "./graph.ts";

const period = PERIOD;
const THIRD = { of: 3 };
const HEIGHT = 6;

export function capacityRow(
  { table: { tableName } }: Observed,
  { concurrency, tableReads, tableWrites }: Quotas,
): IWidget[] {
  const quota = (value: number) => ({ value, label: `quota: ${value}` });
  const account = (name: "ClaimedAccountConcurrency" | "ConcurrentExecutions") =>
    lambdaMetric(name, {}, { period, statistic: "Maximum" });
  const units = (kind: "Read" | "Write"): IMetric =>
    new MathExpression({
      expression: "units / PERIOD(units)",
      usingMetrics: { units: tableMetric(tableName, `Consumed${kind}CapacityUnits`, { period }) },
      label: `${kind.toLowerCase()} units`,
      period,
    });
  return [
    graph(
      "Concurrency of the account",
      [account("ClaimedAccountConcurrency"), account("ConcurrentExecutions")],
      { ...THIRD, line: quota(concurrency) },
    ),
    graph("Read units a second", [units("Read")], { ...THIRD, line: quota(tableReads) }),
    graph("Write units a second", [units("Write")], { ...THIRD, line: quota(tableWrites) }),
  ];
}

export function partitionsRow({ name, table, insights }: Observed): IWidget[] {
  const reasons = Object.keys(THROTTLE_REASONS) as ThrottleReason[];
  const throttles = reasons.flatMap((reason) => throttleMetrics(table, reason, { period }));
  return [
    graph("Throttles of the table, by reason", throttles, THIRD),
    graph(
      "Contention",
      (["Conflicts", "Retries", "Throttles"] as const).map((metric) => {
        return ownMetric(name, metric, { period });
      }),
      THIRD,
    ),
    new TextWidget({ markdown: keysText(insights), width: WIDTH / THIRD.of, height: HEIGHT }),
  ];
}

/** Rules of the insights have names that AWS makes, so no graph can refer to them. */
function keysText(insights: boolean): string {
  const place = "[Contributor Insights](#contributor-insights:rules) of CloudWatch";
  const where = insights
    ? `${place} show the keys: the rules \`DynamoDBContributorInsights-…\` of the table.`
    : 'The setting `contributorInsights: "throttled"` makes CloudWatch count the keys.';
  return `### Hot keys\n\nThe graphs on the left say that a partition is hot, and not which. ${where}`;
}
