/**
 * Alarms that take a deployment back where an app gives none. A group of CodeDeploy takes ten alarms,
 * an alarm ten metrics, and a stack 500 resources: so one alarm stands for ten functions.
 */
import { Duration } from "aws-cdk-lib";
import { Alarm, MathExpression, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { describedIn } from "./runbook.ts";

/** CloudWatch's limit on the metrics of an alarm. */
const MAX_METRICS = 10;

const PERIOD = Duration.minutes(1);
/** Minutes for which an alarm stays on after an error, so that CodeDeploy sees it. */
const PERIODS = 5;

/** Its section of the runbook: N counts the alarms. */
const SECTION = "rollout-N";

interface ErrorAlarmsProps {
  readonly namePrefix: string;
  readonly functions: readonly IFunction[];
  /** The address of the runbook. */
  readonly runbook: string;
}

/** The alarm of each function, in their order. */
export function alarmsOfErrors(
  scope: Construct,
  { namePrefix, functions, runbook }: ErrorAlarmsProps,
): Alarm[] {
  const alarms = Array.from({ length: Math.ceil(functions.length / MAX_METRICS) }, (_, index) => {
    const own = functions.slice(index * MAX_METRICS, (index + 1) * MAX_METRICS);
    return alarmOfErrors(scope, { namePrefix, functions: own, runbook }, index + 1);
  });
  return functions.map((_, index) => alarms[Math.floor(index / MAX_METRICS)] as Alarm);
}

/** Refusals are answers: errors are crashes and runs out of time alone. */
function alarmOfErrors(
  scope: Construct,
  { namePrefix, functions, runbook }: ErrorAlarmsProps,
  number: number,
): Alarm {
  const metrics = functions.map((each, index) => [
    `f${index}`,
    each.metricErrors({ period: PERIOD }),
  ]);
  return new Alarm(scope, `Errors${number}`, {
    alarmName: `${namePrefix}-${SECTION.replace("N", `${number}`)}`,
    alarmDescription: describedIn(
      runbook,
      SECTION,
      "A function crashed or ran out of time: a gradual rollout is taken back.",
    ),
    metric: new MathExpression({
      expression: "SUM(METRICS())",
      usingMetrics: Object.fromEntries(metrics),
      label: "Errors",
      period: PERIOD,
    }),
    threshold: 1,
    evaluationPeriods: PERIODS,
    datapointsToAlarm: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}
