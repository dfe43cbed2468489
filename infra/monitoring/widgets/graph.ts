/** Graphs of the dashboard. */
import { Duration } from "aws-cdk-lib";
import { GraphWidget, type IMetric, MathExpression } from "aws-cdk-lib/aws-cloudwatch";
import { type By, type MetricName, NAMESPACE } from "../../../lib/api/metrics/definitions.ts";

/** Of a dashboard, in its own units. */
export const WIDTH = 24;

export const PERIOD = Duration.minutes(5);

export interface GraphOptions {
  /** In a row of this many. Default: 2. */
  readonly of?: number;
  /** A line that is drawn at a value. */
  readonly line?: { readonly value: number; readonly label: string };
  readonly stacked?: boolean;
}

export function graph(
  title: string,
  metrics: readonly IMetric[],
  { of = 2, line, stacked = false }: GraphOptions = {},
): GraphWidget {
  return new GraphWidget({
    title,
    left: [...metrics],
    width: WIDTH / of,
    stacked,
    leftYAxis: { min: 0, showUnits: false },
    ...(line === undefined ? {} : { leftAnnotations: [line] }),
  });
}

/**
 * A metric for each operation or code of the stack, those that had values in the past two weeks.
 *
 * Source: CloudWatch user guide, "CloudWatch search expression syntax".
 */
export function each(stack: string, metric: MetricName, by: By, statistic = "Sum"): IMetric {
  const terms = `{${NAMESPACE},stack,${by}} MetricName="${metric}" stack="${stack}"`;
  return new MathExpression({
    expression: `SEARCH('${terms}', '${statistic}', ${PERIOD.toSeconds()})`,
    usingMetrics: {},
    label: "",
    period: PERIOD,
  });
}
