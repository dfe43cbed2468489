/**
 * Invocations that Lambda refused, of all functions of a stack: more metrics than one alarm takes,
 * so that a composite alarm stands for several. Lambda's metric over all functions would count
 * those of other stacks in the account.
 */
import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  AlarmRule,
  ComparisonOperator,
  CompositeAlarm,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { expression, MAX_METRICS } from "./alarm-metrics.ts";
import { ruleOf } from "./alarm-rules.ts";
import { sumOf } from "./metric-math.ts";
import { lambdaMetric } from "./metrics.ts";
import type { Observed } from "./observed.ts";

export interface FunctionThrottlesProps {
  readonly alarmName: string;
  readonly meaning: string;
  /** With a link to the section of the runbook. */
  readonly described: (meaning: string) => string;
  readonly threshold: number;
  readonly observed: Observed;
}

export function functionThrottles(
  scope: Construct,
  { alarmName, meaning, described, threshold, observed }: FunctionThrottlesProps,
): CompositeAlarm {
  const { period, breaching, of } = ruleOf("FunctionThrottles");
  const own = [...observed.functions.values()].map(({ name }) => name);
  const parts = groupsOf([...own, ...observed.authorizers]).map((names, index) => {
    const metrics = names.map((FunctionName) =>
      lambdaMetric("Throttles", { FunctionName }, { period: Duration.minutes(period) }),
    );
    return new Alarm(scope, `FunctionThrottles${index + 1}`, {
      alarmName: `${alarmName}-${index + 1}`,
      alarmDescription: described(`A part of ${alarmName}: ${names.join(", ")}.`),
      metric: expression(sumOf(metrics.map((_, number) => `m${number}`)), metrics),
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: of,
      datapointsToAlarm: breaching,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  });
  return new CompositeAlarm(scope, "FunctionThrottles", {
    compositeAlarmName: alarmName,
    alarmDescription: described(meaning),
    alarmRule: AlarmRule.anyOf(...parts),
  });
}

function groupsOf(names: readonly string[]): string[][] {
  const count = Math.ceil(names.length / MAX_METRICS);
  return Array.from({ length: count }, (_, index) =>
    names.slice(index * MAX_METRICS, (index + 1) * MAX_METRICS),
  );
}
