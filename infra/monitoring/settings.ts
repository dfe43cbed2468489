/** The setting `monitoring` of a stack. `PlacementMonitoring` checks the values. */
import * as z from "zod";
import { ALARM_IDS } from "./alarm-rules.ts";
import { DEFAULT_PRICES } from "./prices.ts";
import { DEFAULT_QUOTAS } from "./props.ts";

/** Numbers by name; an unknown name is refused. */
const numbers = <T extends string>(names: readonly T[]) =>
  z.partialRecord(z.enum(names), z.number()).optional();

const namesOf = <T extends object>(values: T) => Object.keys(values) as (keyof T & string)[];

export const monitoringSchema = z.strictObject({
  /** The topic of SNS that is told of alarms. */
  alarmTopicArn: z
    .string()
    .regex(/^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, "the ARN of a topic of SNS"),
  thresholds: numbers(ALARM_IDS),
  prices: numbers(namesOf(DEFAULT_PRICES)),
  quotas: numbers(namesOf(DEFAULT_QUOTAS)),
  runbook: z.url().optional(),
});

export type MonitoringSettings = z.infer<typeof monitoringSchema>;
