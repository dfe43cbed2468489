/** What tells an operator of a `PlacementApi`: a dashboard, and alarms that docs/runbook.md explains. */
import type { AlarmBase, Dashboard } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { BadSettings } from "../bad-settings.ts";
import { checkBounds, STACK_BOUNDS } from "../bounds.ts";
import type { AlarmId } from "./alarm-rules.ts";
import { makeAlarms } from "./alarms.ts";
import { makeDashboard } from "./dashboard.ts";
import { type PlacementMonitoringProps, readOptions } from "./props.ts";
import { countTooManyRequests } from "./too-many-requests.ts";

export class PlacementMonitoring extends Construct {
  readonly dashboard: Dashboard;
  readonly #alarms: ReadonlyMap<AlarmId, AlarmBase>;

  /** @throws BadSettings if the API's functions emit no metrics, or a number is out of its bounds */
  constructor(scope: Construct, id: string, props: PlacementMonitoringProps) {
    super(scope, id);
    const { placement, alarmTopic: topic } = props;
    const { observed } = placement;
    const canaryInterval = props.canaryInterval ?? observed.canaryInterval;
    if (!observed.metrics) {
      throw new BadSettings("monitoring needs the metrics of the functions, which are off");
    }
    checkBounds("canaryInterval", canaryInterval?.toSeconds(), STACK_BOUNDS.canaryInterval);
    const options = readOptions(props);
    countTooManyRequests(this, observed);
    this.#alarms = makeAlarms(this, { observed, options, topic, canaryInterval });
    const hasCanary = canaryInterval !== undefined;
    const alarms = [...this.#alarms.values()];
    this.dashboard = makeDashboard(this, { observed, options, alarms, hasCanary });
  }

  /** For deployments that roll back, or alarms composed of several. @throws Error if there is none */
  alarm(id: AlarmId): AlarmBase {
    const found = this.#alarms.get(id);
    if (found === undefined) throw new Error(`there is no alarm ${id}`);
    return found;
  }
}
