/**
 * Answers of 429, counted in the access logs: API Gateway counts them with all other answers from
 * 400 to 499.
 */
import { Metric, type MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import { FilterPattern, MetricFilter } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { NAMESPACE } from "../../lib/api/metrics/definitions.ts";
import type { Observed } from "./observed.ts";

const METRIC = "TooManyRequests";

/** A filter has no dimensions of fixed value, so the stack is in the namespace. */
export const accessLogNamespace = (stack: string) => `${NAMESPACE}/${stack}`;

/** A filter for each endpoint's log, all of which count in one metric. */
export function countTooManyRequests(
  scope: Construct,
  { name, endpoints }: Pick<Observed, "name" | "endpoints">,
): void {
  for (const { kind, accessLog } of endpoints) {
    new MetricFilter(scope, `${METRIC}-${kind}`, {
      logGroup: accessLog,
      // Access logs have it as text.
      filterPattern: FilterPattern.stringValue("$.status", "=", "429"),
      metricNamespace: accessLogNamespace(name),
      metricName: METRIC,
      metricValue: "1",
    });
  }
}

export function tooManyRequests(stack: string, options: MetricOptions = {}): Metric {
  const namespace = accessLogNamespace(stack);
  return new Metric({ namespace, metricName: METRIC, statistic: "Sum", ...options });
}
