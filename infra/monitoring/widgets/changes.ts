/** Large changes, leases, tasks, the verifier and the canary; the providers that functions have in memory. */
import type { IWidget } from "aws-cdk-lib/aws-cloudwatch";
import { finishChanges } from "../../../functions/maintenance/finish-changes.ts";
import { verifyRecords } from "../../../functions/maintenance/verify-table.ts";
import type { AnyTask } from "../../../lib/api/task-definition.ts";
import { ownMetric, queueMetric } from "../metrics.ts";
import type { Observed } from "../observed.ts";
import { graph, PERIOD } from "./graph.ts";

const period = PERIOD;

export function changesRow({ name }: Observed, hasCanary: boolean): IWidget[] {
  const runs = ({ id: operation }: AnyTask) =>
    ownMetric(name, "TaskRuns", { period, label: operation }, { operation });
  const of = { of: hasCanary ? 4 : 3 };
  return [
    graph(
      "Large changes",
      [ownMetric(name, "LargeChangeLeft", { period }), runs(finishChanges)],
      of,
    ),
    graph("Verifier", [ownMetric(name, "VerifierFindings", { period }), runs(verifyRecords)], of),
    graph(
      "Warnings",
      (["TaskFailures", "HeadNotRaised", "DamagedRecords"] as const).map((metric) => {
        return ownMetric(name, metric, { period });
      }),
      of,
    ),
    ...(hasCanary ? [canaryGraph(name)] : []),
  ];
}

export function leasesRow({ name }: Observed): IWidget[] {
  const lag = ownMetric(name, "LeaseLag", { period, statistic: "Maximum" });
  const counts = (["LeasesReleased", "LeaseSweepHeld"] as const).map((metric) =>
    ownMetric(name, metric, { period }),
  );
  return [
    graph("Leases", counts, { of: 2 }),
    graph("Lag of releases, milliseconds", [lag], { of: 2 }),
  ];
}

/** @param queueName of what could not be fed */
export function eventsRow({ name }: Observed, queueName: string): IWidget[] {
  const largest = { period, statistic: "Maximum" };
  return [
    graph("Events in the feed", [ownMetric(name, "EventsFed", { period })], { of: 3 }),
    graph("Lag of the feed, milliseconds", [ownMetric(name, "FeedLag", largest)], { of: 3 }),
    graph("Batches that could not be fed", [queueMetric(queueName, largest)], { of: 3 }),
  ];
}

function canaryGraph(name: string): IWidget {
  return graph(
    "Canary",
    [
      ownMetric(name, "CanaryRuns", { period }),
      ownMetric(name, "CanaryFailures", { period }),
      ownMetric(name, "CanaryLatency", { period, statistic: "Maximum" }),
    ],
    { of: 4 },
  );
}

export function memoryRow({ name }: Observed): IWidget[] {
  const largest = { period, statistic: "Maximum" };
  return [
    graph("Age of providers in memory, milliseconds", [ownMetric(name, "SnapshotAge", largest)], {
      of: 3,
    }),
    graph("Providers in memory", [ownMetric(name, "SnapshotSize", largest)], { of: 3 }),
    graph("Reads of all providers", [ownMetric(name, "ColdReads", { period })], { of: 3 }),
  ];
}
