/** A stack with monitoring: its alarms as the template has them, and which of them are raised. */
import { Duration } from "aws-cdk-lib";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { ALARM_IDS, type AlarmId } from "../../../infra/monitoring/alarm-rules.ts";
import { PlacementMonitoring } from "../../../infra/monitoring/placement-monitoring.ts";
import { type Assembly, type Resource, synthesize } from "../../stack/support/assembly.ts";
import {
  alarmSchema,
  type Observation,
  type State,
  stateOf,
  type TemplateAlarm,
} from "../../support/cloudwatch/alarm-state.ts";

export const TOPIC = "arn:aws:sns:eu-west-1:123456789012:operators";
export const CANARY_MINUTES = 5;

const keystone = {
  kind: "keystone",
  url: "https://keystone.example/v3",
  secretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:placement-AbCdEf",
};
const jwt = { kind: "jwt", issuer: "https://issuer.example", audience: "placement", rest: true };

export const ENDPOINTS = [{ kind: "iam" }, keystone, jwt];

/** With three endpoints and the alarm of the canary. */
export function monitoredStack(settings: Readonly<Record<string, unknown>> = {}): Assembly {
  return synthesize(
    { endpoints: ENDPOINTS, ...settings },
    {
      templateOnly: true,
      more: (stack) => {
        new PlacementMonitoring(stack, "Monitoring", {
          placement: stack.placement,
          alarmTopic: Topic.fromTopicArn(stack, "AlarmTopic", TOPIC) as ITopic,
          canaryInterval: Duration.minutes(CANARY_MINUTES),
        });
      },
    },
  );
}

export type Alarms = ReadonlyMap<AlarmId, Resource>;

/** Those that tell the topic; parts of composed alarms tell nobody. @throws if one is no alarm of ours */
export function alarmsOf(assembly: Assembly): Alarms {
  const all = [
    ...assembly.ofType("AWS::CloudWatch::Alarm"),
    ...assembly.ofType("AWS::CloudWatch::CompositeAlarm"),
  ].filter(([, { Properties }]) => Properties.AlarmActions !== undefined);
  return new Map(
    all.map(([, alarm]) => {
      const name = String(alarm.Properties.AlarmName);
      const id = ALARM_IDS.find((each) => name.endsWith(`-${each}`));
      if (id === undefined) throw new Error(`${name} is no alarm of ours`);
      return [id, alarm];
    }),
  );
}

/** The alarms of metrics that an alarm consists of: itself, or those in its rule. */
export function partsOf(assembly: Assembly, alarm: Resource): TemplateAlarm[] {
  if (alarm.Type === "AWS::CloudWatch::Alarm") return [alarmSchema.parse(alarm.Properties)];
  const parts: unknown[] = alarm.Properties.AlarmRule["Fn::Join"][1];
  const words = parts.filter((part) => typeof part === "string").join("");
  if (!/^\(ALARM\(""\)( OR ALARM\(""\))*\)$/.test(words)) throw new Error(`no rule: ${words}`);
  return parts.flatMap((part) => {
    if (typeof part === "string") return [];
    const [id] = (part as { "Fn::GetAtt": [string, string] })["Fn::GetAtt"];
    return [alarmSchema.parse(assembly.resources[id]?.Properties)];
  });
}

export function stateIn(assembly: Assembly, id: AlarmId, observation: Observation): State {
  const alarm = alarmsOf(assembly).get(id);
  if (alarm === undefined) throw new Error(`the stack has no alarm ${id}`);
  const states = partsOf(assembly, alarm).map((part) => stateOf(part, observation));
  return states.includes("ALARM") ? "ALARM" : "OK";
}

export function raisedIn(assembly: Assembly, observation: Observation): AlarmId[] {
  return [...alarmsOf(assembly).keys()].filter((id) => {
    return stateIn(assembly, id, observation) === "ALARM";
  });
}
