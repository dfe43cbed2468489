/**
 * Every custom metric that functions emit: its unit, and by what it is told apart. Dashboards,
 * alarms and documents name metrics from here only.
 */

/** The namespace of all metrics in CloudWatch. */
export const NAMESPACE = "ServerlessPlacement";

/** Beside the stack: nothing, the id of an operation or task, or the code of a refusal. */
export type By = "operation" | "code";

export interface MetricDefinition {
  readonly unit: "Count" | "Milliseconds";
  /** Of all kinds of the stack together; more kinds are more metrics. */
  readonly by?: By;
  readonly meaning: string;
}

const count = (meaning: string, by?: By): MetricDefinition => ({
  unit: "Count",
  meaning,
  ...(by && { by }),
});
const milliseconds = (meaning: string, by?: By): MetricDefinition => ({
  ...count(meaning, by),
  unit: "Milliseconds",
});

/** A metric of which the value is 0 is left out, apart from `SnapshotSize` and latencies. */
export const METRICS = {
  Requests: count("requests that were answered, refusals included", "operation"),
  Latency: milliseconds("from the start of a request until its answer", "operation"),
  Errors: count("answers from 500: busy, unknown or unexpected", "operation"),
  Refusals: count("answers from 400 to 499", "code"),
  UnknownOutcomes: count("writes of which nobody can tell whether they were applied"),
  Retries: count("calls of DynamoDB and plans that were repeated"),
  Conflicts: count("calls that DynamoDB refused since another transaction held an item"),
  Throttles: count("calls that DynamoDB refused for lack of capacity"),
  ReadUnits: count("read units of the calls that were answered"),
  WriteUnits: count("write units of the calls that were answered"),
  SnapshotAge: milliseconds("since the oldest part of the providers in memory was read in full"),
  SnapshotSize: count("providers in memory"),
  ColdReads: count("reads of all providers by a function that had none in memory"),
  HeadNotRaised: count("shard logs that were not appended to after a change"),
  LargeChangeLeft: count("large changes that were not finished"),
  DamagedRecords: count("changes that were refused since stored records contradict each other"),
  TaskRuns: count("runs of maintenance tasks, failed ones included", "operation"),
  TaskFailures: count("runs of maintenance tasks that failed", "operation"),
  LeaseLag: milliseconds("since the longest expired lease could have been released"),
  LeasesReleased: count("consumers that were released since their leases had expired"),
  LeaseSweepHeld: count("sweeps that released nothing since too many leases had expired at once"),
  EventsFed: count("events that the table's stream told, and that were brought into the feed"),
  FeedLag: milliseconds("since the oldest of these events, when it was in the feed"),
  VerifierFindings: count("contradictions that a run of the verifier found"),
  CanaryRuns: count("runs of the canary, failed ones included"),
  CanaryFailures: count("runs of the canary in which a step failed"),
  CanaryLatency: milliseconds("that a run of the canary took, all its steps"),
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export type MetricName = keyof typeof METRICS;

/** Values of one request or run, as a line of the log has them. */
export type Measured = { readonly [name in MetricName]?: number };

export function isMetric(name: unknown): name is MetricName {
  return typeof name === "string" && Object.hasOwn(METRICS, name);
}

export function definitionOf(name: MetricName): MetricDefinition {
  return METRICS[name];
}
