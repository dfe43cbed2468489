/** The setting `monitoring` of a stack. */
import * as z from "zod";
import { ALARM_IDS } from "./alarm-rules.ts";
import { DEFAULT_PRICES } from "./prices.ts";
import { DEFAULT_QUOTAS } from "./props.ts";

/** Numbers by name; an unknown name is refused. */
const numbers = <T extends string>(names: readonly T[], value: z.ZodNumber) =>
  z.partialRecord(z.enum(names), value).optional();

const namesOf = <T extends object>(values: T) => Object.keys(values) as (keyof T & string)[];

export const monitoringSchema = z.strictObject({
  /** The topic of SNS that is told of alarms. */
  alarmTopicArn: z
    .string()
    .regex(/^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, "the ARN of a topic of SNS"),
  thresholds: numbers(ALARM_IDS, z.number().positive()),
  prices: numbers(namesOf(DEFAULT_PRICES), z.number().nonnegative()),
  quotas: numbers(namesOf(DEFAULT_QUOTAS), z.number().positive()),
  runbook: z.url().optional(),
});

export type MonitoringSettings = z.infer<typeof monitoringSchema>;
