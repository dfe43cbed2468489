/** The alarms of a stack: each tells the topic, and its description links to its section of the runbook. */
import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  type AlarmBase,
  ComparisonOperator,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { describedIn } from "../runbook.ts";
import { ALARM_METRICS } from "./alarm-metrics.ts";
import { ALARM_IDS, type AlarmId, ruleOf } from "./alarm-rules.ts";
import { functionThrottles } from "./function-throttles.ts";
import type { Observed } from "./observed.ts";
import type { ReadOptions } from "./props.ts";

export interface AlarmsProps {
  readonly observed: Observed;
  readonly options: ReadOptions;
  readonly topic: ITopic;
  /** Undefined: there is no canary. */
  readonly canaryInterval: Duration | undefined;
}

export function makeAlarms(scope: Construct, props: AlarmsProps): ReadonlyMap<AlarmId, AlarmBase> {
  const made = ALARM_IDS.filter((id) => isThere(id, props)).map(
    (id) => [id, makeAlarm(scope, id, props)] as const,
  );
  const action = new SnsAction(props.topic);
  for (const [, alarm] of made) {
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
  return new Map(made);
}

/** Some look at what a stack may be without. */
function isThere(id: AlarmId, { canaryInterval, observed }: AlarmsProps): boolean {
  if (id === "CanaryFailures") return canaryInterval !== undefined;
  if (id === "FeedLag" || id === "FeedFailures") return observed.failures !== undefined;
  return true;
}

function makeAlarm(
  scope: Construct,
  id: AlarmId,
  { observed, options, canaryInterval }: AlarmsProps,
): AlarmBase {
  const rule = ruleOf(id);
  const alarmName = `${observed.name}-${id}`;
  const described = (meaning: string) => describedIn(options.runbook, id, meaning);
  const threshold = options.thresholds[id];
  const common = { alarmName, threshold };
  if (id === "FunctionThrottles") {
    return functionThrottles(scope, { ...common, meaning: rule.meaning, described, observed });
  }
  const isCanary = id === "CanaryFailures" && canaryInterval !== undefined;
  const period = isCanary ? canaryInterval : Duration.minutes(rule.period);
  const { GREATER_THAN_OR_EQUAL_TO_THRESHOLD: from, LESS_THAN_THRESHOLD: below } =
    ComparisonOperator;
  return new Alarm(scope, id, {
    ...common,
    alarmDescription: described(rule.meaning),
    metric: ALARM_METRICS[id](observed, period, options.quotas),
    comparisonOperator: rule.below ? below : from,
    evaluationPeriods: rule.of,
    datapointsToAlarm: rule.breaching,
    treatMissingData: rule.missing ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  });
}
