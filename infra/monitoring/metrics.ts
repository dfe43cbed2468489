/** Metrics of the functions' own, of Lambda, of the table and of the logs, with all their dimensions. */
import { Metric, type MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { type MetricName, NAMESPACE } from "../../lib/api/metrics/definitions.ts";

type Dimensions = Readonly<Record<string, string>>;

const SUM = { statistic: "Sum" } as const;

/** @param more dimensions beside the stack's name */
export function ownMetric(
  stack: string,
  metricName: MetricName,
  options: MetricOptions = {},
  more: Dimensions = {},
): Metric {
  const dimensionsMap = { stack, ...more };
  return new Metric({ namespace: NAMESPACE, metricName, dimensionsMap, ...SUM, ...options });
}

/** @param dimensionsMap none: of all functions of the account in the region */
export function lambdaMetric(
  metricName:
    | "Throttles"
    | "Errors"
    | "IteratorAge"
    | "ClaimedAccountConcurrency"
    | "ConcurrentExecutions",
  dimensionsMap: { readonly FunctionName?: string } = {},
  options: MetricOptions = {},
): Metric {
  return new Metric({ namespace: "AWS/Lambda", metricName, dimensionsMap, ...SUM, ...options });
}

/**
 * Why DynamoDB throttles. Source: DynamoDB developer guide, "CloudWatch throttling metrics".
 */
export const THROTTLE_REASONS = {
  HotPartition: ["KeyRangeThroughput"],
  TableAccountLimit: ["AccountLimit"],
  TableOwnLimit: ["MaxOnDemandThroughput", "ProvisionedThroughput"],
} as const;

export type ThrottleReason = keyof typeof THROTTLE_REASONS;

/** Reads and writes that were throttled for a reason. */
export function throttleMetrics(
  { tableName }: ITable,
  reason: ThrottleReason,
  options: MetricOptions = {},
): Metric[] {
  return THROTTLE_REASONS[reason].flatMap((limit) =>
    ["Read", "Write"].map((kind) => {
      return tableMetric(tableName, `${kind}${limit}ThrottleEvents`, options);
    }),
  );
}

export function tableMetric(
  tableName: string,
  metricName: string,
  options: MetricOptions = {},
): Metric {
  const dimensionsMap = { TableName: tableName };
  return new Metric({ namespace: "AWS/DynamoDB", metricName, dimensionsMap, ...SUM, ...options });
}

/** Messages that wait in a queue. */
export function queueMetric(queueName: string, options: MetricOptions = {}): Metric {
  const dimensionsMap = { QueueName: queueName };
  const metricName = "ApproximateNumberOfMessagesVisible";
  return new Metric({ namespace: "AWS/SQS", metricName, dimensionsMap, ...SUM, ...options });
}

/** Bytes that are written to a group of logs. */
export function logBytes(logGroupName: string, options: MetricOptions = {}): Metric {
  const dimensionsMap = { LogGroupName: logGroupName };
  const metricName = "IncomingBytes";
  return new Metric({ namespace: "AWS/Logs", metricName, dimensionsMap, ...SUM, ...options });
}
