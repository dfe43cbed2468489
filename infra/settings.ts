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
import { consoleSchema } from "./console/settings.ts";
import { endpointsSchema } from "./endpoints/settings.ts";
import { CONFIGURATION_NAMES, type GivenConfiguration } from "./environment.ts";
import { type ByClass, FUNCTION_CLASSES } from "./function-classes.ts";
import { LOG_CLASSES, type LogClass } from "./log-groups.ts";
import { monitoringSchema } from "./monitoring/settings.ts";
import { INSIGHTS, NO_REPLICAS, type WarmThroughput } from "./placement-table.ts";
import { MAX_ALARMS, ROLLOUT_NAMES } from "./rollout.ts";

export const SETTINGS_KEY = "placement";

/** The periods that CloudWatch accepts, except for an unlimited one. */
const RETENTION_DAYS = Object.values(RetentionDays)
  .filter((days) => typeof days === "number")
  .filter((days) => days !== RetentionDays.INFINITE);

/** As browsers send it: without a path or a trailing slash. */
const origin = z.string().regex(/^https?:\/\/[^/?#\s,]+$/, "an origin like https://HOST:PORT");

const principal = z
  .string()
  .regex(
    /^arn:[a-z-]+:iam::\d{12}:(role|user)\/([!#-[\]-~]{1,510}\/)?[\w+=,.@-]{1,64}$/,
    "the ARN of a role or user",
  );

const placementRoles = z.array(z.string().min(1).max(255));

/** Roles alone, or with the principal's unique id in IAM. */
const caller = z.union(
  [
    placementRoles.transform((roles) => ({ roles, id: undefined })),
    z.strictObject({ roles: placementRoles, id: z.string().optional() }),
  ],
  'a list of roles, or {"roles": [...], "id": "AROA..."}',
);

const number = (bounds: StackBounds) =>
  z.number().refine((value) => isWithin(value, bounds), boundsWords(bounds));

/** Numbers by class; an unknown class is refused by name. */
function byClass(bounds: StackBounds): z.ZodType<ByClass<number>> {
  const entries = FUNCTION_CLASSES.map((name) => [name, number(bounds).optional()]);
  return z.strictObject(Object.fromEntries(entries));
}

type ConfigurationShape = {
  readonly [name in keyof GivenConfiguration]-?: z.ZodOptional<z.ZodType<Configuration[name]>>;
};

const settingsSchema = z.strictObject({
  /** Name of the stack, and prefix of the name of every function and log group. */
  stackName: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,29}$/, "a letter, then at most 29 letters, digits and hyphens")
    .default("placement"),
  ...configurationShape(),
  policy: z.enum(POLICY_PRESETS).optional(),
  corsOrigins: z.array(origin).optional(),
  /** How the API is reached; see `endpoints/settings.ts`. */
  endpoints: endpointsSchema.optional(),
  /** Placement's roles by the ARN of an IAM role or user; see `caller`. */
  callers: z.record(principal, caller).default({}),
  /** Use this table, for example a restored one, instead of creating one. */
  tableName: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{3,255}$/, "the name of a table")
    .optional(),
  /** The stream of that table, of new images; absent: its events are not fed. */
  tableStreamArn: z
    .string()
    .regex(
      /^arn:[a-z-]+:dynamodb:[a-z0-9-]+:\d{12}:table\/[^/]+\/stream\/\S+$/,
      "the ARN of a stream",
    )
    .optional(),
  /** Encrypt with this KMS key instead of the account's key for DynamoDB. */
  encryptionKeyArn: z
    .string()
    .regex(/^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/\S+$/, "the ARN of a KMS key")
    .optional(),
  /** For all keys, or for throttled ones only. */
  contributorInsights: z.enum(Object.keys(INSIGHTS) as (keyof typeof INSIGHTS)[]).optional(),
  /** Reads and writes a second that the table is ready for from the start. */
  warmThroughput: warmThroughput().optional(),
  /** Refused with a reason, since other global tables may have them. */
  replicas: z.undefined(NO_REPLICAS).optional(),
  /** Days for which logs are kept. */
  logRetention: z.literal(RETENTION_DAYS, `one of ${RETENTION_DAYS.join(", ")}`).optional(),
  /** Whether logs are retained when the stack is deleted. */
  retainLogs: z.boolean().optional(),
  /** The class of all log groups. */
  logClass: z.enum(Object.keys(LOG_CLASSES) as LogClass[]).optional(),
  /** Whether functions emit metrics, and whether X-Ray traces them. */
  metrics: z.boolean().optional(),
  tracing: z.boolean().optional(),
  /** How aliases move to new versions, and the names of alarms that take a gradual rollout back. */
  rollout: z.enum(ROLLOUT_NAMES).optional(),
  rollbackAlarms: z
    .array(z.string().min(1).max(255))
    .min(1, "at least one alarm, or no list")
    .max(MAX_ALARMS)
    .optional(),
  /** A dashboard and alarms; absent: none. See `monitoring/settings.ts`. */
  monitoring: monitoringSchema.optional(),
  /** Static files for browsers, behind CloudFront; absent: none. See `console/settings.ts`. */
  console: consoleSchema.optional(),
  /** Whether the stack is protected against deletion. */
  terminationProtection: z.boolean().optional(),
  /** Requests a second and burst of each route, beyond which API Gateway answers 429. */
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
  /** Requests that may wait for events at once; 0: as many as the account has room for. */
  eventWaiters: number(STACK_BOUNDS.eventWaiters).optional(),
  /** Age in seconds at which consumers that hold nothing are deleted; absent: they are kept. */
  idleConsumerAge: number(STACK_BOUNDS.idleConsumerAge).optional(),
  /** Interval in seconds at which a part of the table is verified; absent: only when invoked. */
  verifyInterval: number(STACK_BOUNDS.verifyInterval).optional(),
  /** Interval in seconds at which pages of profiles are written; 0: never. */
  profilePagesInterval: number(STACK_BOUNDS.profilePagesInterval).optional(),
  /** Interval in seconds at which the canary runs; absent: only when invoked. */
  canaryInterval: number(STACK_BOUNDS.canaryInterval).optional(),
});

/** The names of all settings, for documents and tests. */
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

/** The functions' configuration by type; the functions' own schema checks the values. */
function configurationShape(): ConfigurationShape {
  const shape = Object.entries(DEFAULT_CONFIGURATION)
    .filter(([name]) => CONFIGURATION_NAMES.includes(name))
    .map(([name, value]) => [name, kindOf(value).optional()]);
  return Object.fromEntries(shape);
}

function kindOf(value: unknown): z.ZodType {
  if (Array.isArray(value)) return z.array(z.string().min(1));
  if (typeof value === "number") return z.number();
  if (typeof value === "boolean") return z.boolean();
  if (typeof value === "string") return z.string().min(1);
  return z.record(z.string(), z.unknown());
}

export function parseText(context: unknown): unknown {
  if (typeof context !== "string") return context;
  try {
    return JSON.parse(context);
  } catch {
    throw new BadSettings(`The context has a wrong setting. ${SETTINGS_KEY}: it is not JSON`);
  }
}
