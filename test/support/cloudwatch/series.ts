/** Values of metrics in periods that end now, as CloudWatch computes them for alarms. */
import type { Datapoint } from "../emf.ts";

/** Old to new; undefined: nothing was counted in the period. */
export interface Series {
  readonly values: readonly (number | undefined)[];
  /** Whether the metric has had values at all. */
  readonly known: boolean;
}

/** As a template says it; a dimension may refer to a resource. */
export interface TemplateMetric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly {
    readonly Name: string;
    readonly Value: string | { readonly Ref: string };
  }[];
}

export interface Window {
  /** Milliseconds since 1970, where the latest period ends. */
  readonly now: number;
  /** Seconds. */
  readonly period: number;
  readonly count: number;
}

export function seriesOf(
  points: readonly Datapoint[],
  metric: TemplateMetric,
  statistic: string,
  { now, period, count }: Window,
): Series {
  const own = points.filter((point) => keyOf(point) === keyOf(pointOf(metric)) && point.at <= now);
  const values = Array.from({ length: count }, (_, index) => {
    const end = now - (count - 1 - index) * period * 1_000;
    const inside = own.filter(({ at }) => at > end - period * 1_000 && at <= end);
    return inside.length === 0 ? undefined : statisticOf(statistic, inside);
  });
  return { values, known: own.length > 0 };
}

type Identity = Pick<Datapoint, "namespace" | "name" | "dimensions">;

const keyOf = ({ namespace, name, dimensions }: Identity) =>
  JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);

function pointOf({ Namespace, MetricName, Dimensions = [] }: TemplateMetric): Identity {
  const entries = Dimensions.map(({ Name, Value }) => {
    return [Name, typeof Value === "string" ? Value : Value.Ref] as const;
  });
  return { namespace: Namespace, name: MetricName, dimensions: Object.fromEntries(entries) };
}

function statisticOf(statistic: string, points: readonly Datapoint[]): number {
  const values = points.map(({ value }) => value).sort((a, b) => a - b);
  const [, percent] = /^p(\d+)$/.exec(statistic) ?? [];
  if (percent !== undefined) {
    return values[Math.ceil((Number(percent) / 100) * values.length) - 1] ?? Number.NaN;
  }
  if (statistic === "Sum") return values.reduce((sum, value) => sum + value, 0);
  if (statistic === "Maximum") return values.at(-1) ?? Number.NaN;
  throw new Error(`no statistic ${statistic}`);
}
