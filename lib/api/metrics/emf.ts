/**
 * Metrics in the lines of the log: CloudWatch reads them there (embedded metric format), so that
 * no call is made for them. A line stays one line, with a declaration for each set of dimensions.
 * docs/monitoring.md says why no package does it.
 *
 * Source: CloudWatch user guide, "Specification: Embedded metric format".
 */
import type { Clock } from "../../model/clock.ts";
import type { Log } from "../runtime.ts";
import { type By, definitionOf, isMetric, type MetricName, NAMESPACE } from "./definitions.ts";

export interface MetricsPlace {
  /** The value of the dimension `stack`. */
  readonly stack: string;
  readonly clock: Pick<Clock, "now">;
}

type Entry = Parameters<Log>[0];

/** A dimension has 1 to 1,024 characters, one of which is no space. */
const NO_VALUE = "none";

/**
 * `log`, with the metrics of each line declared in it: those of its field `metrics`, and the one
 * that its field `metric` names.
 */
export function withMetrics(log: Log, place: MetricsPlace): Log {
  return (entry) => log(declared(entry, place));
}

function declared(entry: Entry, { stack, clock }: MetricsPlace): Entry {
  const values = valuesOf(entry);
  if (values.size === 0) return entry;
  const { metrics: _, ...line } = entry;
  const groups = groupsOf([...values.keys()]);
  const operation = entry["operation"] ?? entry["task"] ?? NO_VALUE;
  return {
    ...line,
    ...(groups.has("operation") ? { operation } : {}),
    ...(groups.has("code") ? { code: entry["code"] ?? NO_VALUE } : {}),
    stack,
    ...Object.fromEntries(values),
    _aws: {
      Timestamp: clock.now(),
      CloudWatchMetrics: [...groups].map(([by, names]) => ({
        Namespace: NAMESPACE,
        Dimensions: by === undefined ? [["stack"]] : [["stack"], ["stack", by]],
        Metrics: names.map((Name) => ({ Name, Unit: definitionOf(Name).unit })),
      })),
    },
  };
}

/** What is no metric, or no number, is left out. */
function valuesOf({ metrics, metric }: Entry): Map<MetricName, number> {
  const values = new Map<MetricName, number>();
  for (const [name, value] of Object.entries(metrics ?? {})) {
    if (isMetric(name) && Number.isFinite(value)) values.set(name, Number(value));
  }
  if (isMetric(metric)) values.set(metric, 1);
  return values;
}

/** By what beside the stack the metrics are told apart. */
function groupsOf(names: readonly MetricName[]): Map<By | undefined, MetricName[]> {
  const groups = new Map<By | undefined, MetricName[]>();
  for (const name of names) {
    const { by } = definitionOf(name);
    groups.set(by, [...(groups.get(by) ?? []), name]);
  }
  return groups;
}
