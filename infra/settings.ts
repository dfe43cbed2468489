/**
 * What an operator sets without writing code: the context key `placement`, an
 * object in `cdk.json` or JSON text after `-c placement=`.
 */
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import * as z from "zod";
import { type Configuration, DEFAULT_CONFIGURATION } from "../lib/api/configuration.ts";
import { POLICY_PRESETS } from "../lib/api/policy/rules.ts";
import { BadSettings } from "./bad-settings.ts";
import { boundsWords, isWithin, STACK_BOUNDS, type StackBounds } from "./bounds.ts";
import { type ByClass, FUNCTION_CLASSES } from "./function-classes.ts";
import { INSIGHTS, NO_REPLICAS, type WarmThroughput } from "./placement-table.ts";

export const SETTINGS_KEY = "placement";

/** The numbers that CloudWatch takes; its own word for ever is left out. */
const RETENTION_DAYS = Object.values(RetentionDays)
  .filter((days) => typeof days === "number")
  .filter((days) => days !== RetentionDays.INFINITE);

/** As browsers send it: no path, no slash at the end. */
const origin = z.string().regex(/^https?:\/\/[^/?#\s,]+$/, "an origin like https://HOST:PORT");

const principal = z
  .string()
  .regex(
    /^arn:[a-z-]+:iam::\d{12}:(role|user)\/([!#-[\]-~]{1,510}\/)?[\w+=,.@-]{1,64}$/,
    "the ARN of a role or user",
  );

const placementRoles = z.array(z.string().min(1).max(255));

/** Roles alone, or with the unique id that IAM has given to the principal. */
const caller = z.union(
  [
    placementRoles.transform((roles) => ({ roles, id: undefined })),
    z.strictObject({ roles: placementRoles, id: z.string().optional() }),
  ],
  'a list of roles, or {"roles": [...], "id": "AROA..."}',
);

const number = (bounds: StackBounds) =>
  z.number().refine((value) => isWithin(value, bounds), boundsWords(bounds));

/** Numbers by class; what is no class is refused by its name. */
function byClass(bounds: StackBounds): z.ZodType<ByClass<number>> {
  const entries = FUNCTION_CLASSES.map((name) => [name, number(bounds).optional()]);
  return z.strictObject(Object.fromEntries(entries));
}

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
  /** An IAM role's ARN, or an IAM user's, to Placement's roles; see `caller`. */
  callers: z.record(principal, caller).default({}),
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
  /** For every key, or for those that are throttled. */
  contributorInsights: z.enum(Object.keys(INSIGHTS) as (keyof typeof INSIGHTS)[]).optional(),
  /** Reads and writes a second that the table is ready for from the start. */
  warmThroughput: warmThroughput().optional(),
  /** Refused with the reason, since other tables of this kind may have them. */
  replicas: z.undefined(NO_REPLICAS).optional(),
  /** Days that logs are kept. */
  logRetention: z.literal(RETENTION_DAYS, `one of ${RETENTION_DAYS.join(", ")}`).optional(),
  /** Whether logs stay when the stack goes. */
  retainLogs: z.boolean().optional(),
  /** Requests a second of each route, and how many at once, before API Gateway answers 429. */
  rateLimit: number(STACK_BOUNDS.rateLimit).optional(),
  burstLimit: number(STACK_BOUNDS.burstLimit).optional(),
  /** The same for `GET /openapi.json`. */
  openApiRateLimit: number(STACK_BOUNDS.rateLimit).optional(),
  openApiBurstLimit: number(STACK_BOUNDS.burstLimit).optional(),
  /** Megabytes of every function, or by class. */
  memorySize: z
    .union(
      [number(STACK_BOUNDS.memorySize), byClass(STACK_BOUNDS.memorySize)],
      `${boundsWords(STACK_BOUNDS.memorySize)}, or such numbers by ${FUNCTION_CLASSES.join(", ")}`,
    )
    .optional(),
  /** By class, for each function of it. */
  reservedConcurrency: byClass(STACK_BOUNDS.reservedConcurrency).optional(),
  provisionedConcurrency: byClass(STACK_BOUNDS.provisionedConcurrency).optional(),
  /** Delete consumers that hold nothing once they are this many seconds old; without it, none. */
  idleConsumerAge: number(STACK_BOUNDS.idleConsumerAge).optional(),
  /** Verify a part of the table every so many seconds; without it, never by itself. */
  verifyInterval: number(STACK_BOUNDS.verifyInterval).optional(),
});

/** All there are, for whoever documents or tests them. */
export const SETTING_NAMES: readonly string[] = Object.keys(settingsSchema.shape);

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

function warmThroughput(): z.ZodType<WarmThroughput> {
  return z.strictObject({
    reads: number(STACK_BOUNDS.warmReads).optional(),
    writes: number(STACK_BOUNDS.warmWrites).optional(),
  });
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
