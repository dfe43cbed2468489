/** The dashboard: a row for each question, from traffic to cost. */
import { Stack } from "aws-cdk-lib";
import {
  type AlarmBase,
  AlarmStatusWidget,
  Dashboard,
  type IWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { costRow } from "./cost.ts";
import type { Observed } from "./observed.ts";
import type { ReadOptions } from "./props.ts";
import { capacityRow, partitionsRow } from "./widgets/capacity.ts";
import { changesRow, eventsRow, leasesRow, memoryRow } from "./widgets/changes.ts";
import { WIDTH } from "./widgets/graph.ts";
import { latencyRow, refusalsRow, trafficRow } from "./widgets/requests.ts";

export interface DashboardProps {
  readonly observed: Observed;
  readonly options: ReadOptions;
  readonly alarms: readonly AlarmBase[];
  readonly hasCanary: boolean;
}

export function makeDashboard(
  scope: Construct,
  { observed, options, alarms, hasCanary }: DashboardProps,
): Dashboard {
  const { failures } = observed;
  const status = new AlarmStatusWidget({ title: "Alarms", alarms: [...alarms], width: WIDTH });
  const rows: IWidget[][] = [
    [status],
    trafficRow(observed),
    refusalsRow(observed),
    latencyRow(observed),
    capacityRow(observed, options.quotas),
    partitionsRow(observed),
    changesRow(observed, hasCanary),
    leasesRow(observed),
    ...(failures === undefined ? [] : [eventsRow(observed, failures)]),
    memoryRow(observed),
    costRow(observed, options.prices),
  ];
  return new Dashboard(scope, "Dashboard", { dashboardName: observed.name, widgets: rows });
}

/** Where AWS's own console shows it. */
export function dashboardUrl(scope: Construct, name: string): string {
  const { region } = Stack.of(scope);
  const place = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}`;
  return `${place}#dashboards/dashboard/${name}`;
}
