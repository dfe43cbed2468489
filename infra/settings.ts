/**
 * What an operator sets without writing code: the context key `placement`, an
 * object in `cdk.json` or JSON text after `-c placement=`.
 */
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import * as z from "zod";
import { POLICY_PRESETS } from "../lib/api/policy.ts";

export const SETTINGS_KEY = "placement";

/** The numbers that CloudWatch takes; its own word for ever is left out. */
const RETENTION_DAYS = Object.values(RetentionDays)
  .filter((days) => typeof days === "number")
  .filter((days) => days !== RetentionDays.INFINITE);

const text = z.string().min(1);
const placementRoles = z.array(text);
const seconds = z.number().int().min(60);

const settingsSchema = z.strictObject({
  /** Names the stack, and begins the name of every function and log group. */
  stackName: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,29}$/, "a letter, then at most 29 letters, digits and hyphens")
    .default("placement"),
  policy: z.enum(POLICY_PRESETS).optional(),
  /** An IAM role's ARN, or an IAM user's, to Placement's roles. */
  callers: z
    .record(
      z.string().regex(/^arn:[a-z-]+:iam::\d{12}:(role|user)\/\S+$/, "the ARN of a role or user"),
      placementRoles,
    )
    .default({}),
  /** Placement's roles of whoever may invoke the functions directly. */
  directRoles: placementRoles.optional(),
  corsOrigins: z.array(z.url({ protocol: /^https?$/ })).optional(),
  maxChangeItems: z.number().int().min(100).max(20_000).optional(),
  incompleteProject: text.max(255).optional(),
  incompleteUser: text.max(255).optional(),
  /** Use this table, for example a restored one, instead of making one. */
  tableName: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{3,255}$/, "the name of a table")
    .optional(),
  /** Encrypt with this key of KMS instead of the account's key for DynamoDB. */
  encryptionKeyArn: z
    .string()
    .regex(/^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/\S+$/, "the ARN of a KMS key")
    .optional(),
  /** Days that logs are kept. */
  logRetention: z.literal(RETENTION_DAYS, `one of ${RETENTION_DAYS.join(", ")}`).optional(),
  /** Requests a second, and how many at once, before API Gateway answers 429. */
  rateLimit: z.number().positive().optional(),
  burstLimit: z.number().int().positive().optional(),
  /** Megabytes of a function. */
  memorySize: z.number().int().min(256).max(10_240).optional(),
  /** Delete consumers that hold nothing once they are this many seconds old; without it, none. */
  idleConsumerAge: seconds.optional(),
});

export type Settings = z.infer<typeof settingsSchema>;

/** The settings are wrong; the message says which, in one line. */
export class BadSettings extends Error {}

/** @throws BadSettings */
export function readSettings(context: unknown): Settings {
  const parsed = settingsSchema.safeParse(parseText(context) ?? {});
  if (parsed.success) return parsed.data;
  const words = parsed.error.issues.map(({ path, message }) => {
    return `${[SETTINGS_KEY, ...path].join(".")}: ${message}`;
  });
  throw new BadSettings(`The context has a wrong setting. ${words.join("; ")}`);
}

function parseText(context: unknown): unknown {
  if (typeof context !== "string") return context;
  try {
    return JSON.parse(context);
  } catch {
    throw new BadSettings(`The context has a wrong setting. ${SETTINGS_KEY}: it is not JSON`);
  }
}
