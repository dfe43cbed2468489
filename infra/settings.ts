/**
 * What an operator sets without writing code: the context key `placement`, an
 * object in `cdk.json` or JSON text after `-c placement=`.
 */
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import * as z from "zod";
import { type Configuration, DEFAULT_CONFIGURATION } from "../lib/api/configuration.ts";
import { POLICY_PRESETS } from "../lib/api/policy/rules.ts";
import { BadSettings } from "./bad-settings.ts";

export const SETTINGS_KEY = "placement";

/** The numbers that CloudWatch takes; its own word for ever is left out. */
const RETENTION_DAYS = Object.values(RetentionDays)
  .filter((days) => typeof days === "number")
  .filter((days) => days !== RetentionDays.INFINITE);

/** As browsers send it: no path, no slash at the end. */
const origin = z.string().regex(/^https?:\/\/[^/?#\s,]+$/, "an origin like https://HOST:PORT");

const principal = z
  .string()
  .regex(/^arn:[a-z-]+:iam::\d{12}:(role|user)\/\S+$/, "the ARN of a role or user");

type ConfigurationShape = {
  readonly [name in keyof Configuration]: z.ZodOptional<z.ZodType<Configuration[name]>>;
};

const settingsSchema = z.strictObject({
  /** Names the stack, and begins the name of every function and log group. */
  stackName: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,29}$/, "a letter, then at most 29 letters, digits and hyphens")
    .default("placement"),
  ...configurationShape(),
  policy: z.enum(POLICY_PRESETS).optional(),
  corsOrigins: z.array(origin).optional(),
  /** An IAM role's ARN, or an IAM user's, to Placement's roles. */
  callers: z.record(principal, z.array(z.string().min(1))).default({}),
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
  idleConsumerAge: z.number().int().min(60).optional(),
  /** Verify a part of the table every so many seconds; without it, never by itself. */
  verifyInterval: z.number().int().min(60).multipleOf(60).optional(),
});

export type Settings = z.infer<typeof settingsSchema>;

/** @throws BadSettings */
export function readSettings(context: unknown): Settings {
  const parsed = settingsSchema.safeParse(parseText(context) ?? {});
  if (parsed.success) return parsed.data;
  const words = parsed.error.issues.map(({ path, message }) => {
    return `${[SETTINGS_KEY, ...path].join(".")}: ${message}`;
  });
  throw new BadSettings(`The context has a wrong setting. ${words.join("; ")}`);
}

/** The functions' configuration by kind of value; what a value may be, the functions' reader says. */
function configurationShape(): ConfigurationShape {
  const shape = Object.entries(DEFAULT_CONFIGURATION).map(([name, value]) => {
    return [name, kindOf(value).optional()];
  });
  return Object.fromEntries(shape);
}

function kindOf(value: unknown): z.ZodType {
  if (Array.isArray(value)) return z.array(z.string().min(1));
  if (typeof value === "number") return z.number();
  if (typeof value === "boolean") return z.boolean();
  if (typeof value === "string") return z.string().min(1);
  return z.record(z.string(), z.unknown());
}

function parseText(context: unknown): unknown {
  if (typeof context !== "string") return context;
  try {
    return JSON.parse(context);
  } catch {
    throw new BadSettings(`The context has a wrong setting. ${SETTINGS_KEY}: it is not JSON`);
  }
}
