/**
 * The state of an alarm of a template over datapoints, as CloudWatch evaluates it.
 *
 * Source: CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data". CloudWatch
 * looks at more periods than an alarm names; how many it does not say: its examples have two more.
 */
import * as z from "zod";
import type { Datapoint } from "../emf.ts";
import { evaluate } from "./metric-math.ts";
import { type Series, seriesOf, type TemplateMetric, type Window } from "./series.ts";

export type State = "OK" | "ALARM";

const MORE_PERIODS = 2;

const dimension = z.strictObject({
  Name: z.string(),
  Value: z.union([z.string(), z.strictObject({ Ref: z.string() })]),
});
const metric = z.strictObject({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(dimension).optional(),
});
const stat = z.strictObject({ Metric: metric, Period: z.number(), Stat: z.string() });
const query = z.strictObject({
  Id: z.string(),
  Expression: z.string().optional(),
  MetricStat: stat.optional(),
  ReturnData: z.boolean(),
});

export const alarmSchema = z.object({
  ...metric.partial().shape,
  AlarmName: z.string(),
  AlarmDescription: z.string(),
  AlarmActions: z.array(z.string()).optional(),
  OKActions: z.array(z.string()).optional(),
  Metrics: z.array(query).optional(),
  Statistic: z.string().optional(),
  ExtendedStatistic: z.string().optional(),
  Period: z.number().optional(),
  EvaluationPeriods: z.number(),
  DatapointsToAlarm: z.number(),
  Threshold: z.number(),
  ComparisonOperator: z.enum(["GreaterThanOrEqualToThreshold", "LessThanThreshold"]),
  TreatMissingData: z.enum(["breaching", "notBreaching"]),
});

export type TemplateAlarm = z.infer<typeof alarmSchema>;

export interface Observation {
  readonly points: readonly Datapoint[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Which it stays in where missing values are ignored. */
  readonly before?: State;
}

/** The metrics of an alarm, each with its statistic and period. */
export function metricsOf(alarm: TemplateAlarm): z.infer<typeof stat>[] {
  if (alarm.Metrics !== undefined) return alarm.Metrics.flatMap((each) => each.MetricStat ?? []);
  const { Namespace, MetricName, Dimensions = [], Period } = alarm;
  const Stat = alarm.Statistic ?? alarm.ExtendedStatistic;
  return [stat.parse({ Metric: { Namespace, MetricName, Dimensions }, Period, Stat })];
}

export function stateOf(alarm: TemplateAlarm, { points, now, before = "OK" }: Observation): State {
  const [first, ...others] = metricsOf(alarm);
  const period = first?.Period ?? 0;
  if (others.some(({ Period }) => Period !== period)) throw new Error("metrics differ in period");
  const window = { now, period, count: alarm.EvaluationPeriods + MORE_PERIODS };
  const { values } = resultOf(alarm, points, window);
  const isBreaching = (value: number) =>
    alarm.ComparisonOperator === "LessThanThreshold"
      ? value < alarm.Threshold
      : value >= alarm.Threshold;
  const verdicts = values.map((value) => (value === undefined ? undefined : isBreaching(value)));
  // Whatever such an alarm says itself.
  const ofTable = metricsOf(alarm).some(({ Metric }) => Metric.Namespace === "AWS/DynamoDB");
  return judge(verdicts, {
    periods: alarm.EvaluationPeriods,
    datapoints: alarm.DatapointsToAlarm,
    missing: ofTable ? "ignore" : alarm.TreatMissingData,
    before,
  });
}

function resultOf(alarm: TemplateAlarm, points: readonly Datapoint[], window: Window): Series {
  const compute = (each: z.infer<typeof stat>) =>
    seriesOf(points, each.Metric as TemplateMetric, each.Stat, window);
  const queries = alarm.Metrics;
  if (queries === undefined)
    return metricsOf(alarm).map(compute)[0] ?? { values: [], known: false };
  const [returned, ...others] = queries.filter(({ ReturnData }) => ReturnData);
  if (returned?.Expression === undefined || others.length > 0) throw new Error("not one result");
  return evaluate(returned.Expression, (id) => {
    const found = queries.find(({ Id }) => Id === id)?.MetricStat;
    if (found === undefined) throw new Error(`there is no metric ${id}`);
    return compute(found);
  });
}

export interface Judgement {
  readonly periods: number;
  readonly datapoints: number;
  readonly missing: "breaching" | "notBreaching" | "ignore";
  readonly before: State;
}

/** @param verdicts old to new, whether each value breaches; undefined: it is missing */
export function judge(
  verdicts: readonly (boolean | undefined)[],
  { periods, datapoints, missing, before }: Judgement,
): State {
  const real = verdicts.filter((verdict) => verdict !== undefined).slice(-periods);
  const filled = periods - real.length;
  const breaching = real.filter((verdict) => verdict).length;
  if (filled > 0 && missing === "ignore" && breaching === real.length) return before;
  const counted = breaching + (missing === "breaching" ? filled : 0);
  return counted >= datapoints ? "ALARM" : "OK";
}
