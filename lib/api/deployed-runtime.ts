/**
 * The runtime of a deployed function, configured by its environment. Identity always comes
 * from API Gateway: the headers that the local server may believe instead are read in no bundle.
 */

import * as z from "zod";
import { storeOpener } from "../store/open-store.ts";
import { environmentAccess } from "../store/table/wire/access.ts";
import { connect } from "../store/table/wire/client.ts";
import {
  BOUNDS,
  type Bounds,
  type Configuration,
  DEFAULT_CONFIGURATION,
  keystoneUrlSchema,
  originsOf,
  storeLimits,
} from "./configuration.ts";
import { consoleLog } from "./console-log.ts";
import { deployedIdentity } from "./deployed-identity.ts";
import { roleMapSchema } from "./iam-identity.ts";
import { withMetrics } from "./metrics/emf.ts";
import { configuredPolicy, policySettings } from "./policy/settings.ts";
import type { Log, Runtime, RuntimeSource } from "./runtime.ts";
import { systemClock } from "./system-clock.ts";
import { systemRandom } from "./system-random.ts";

const wholeNumber = ({ min, max }: Bounds) => z.coerce.number().int().min(min).max(max);

/** The environment variables of a deployed function; the stack sets them. */
export const environmentSchema = z.object({
  TABLE_NAME: z.string().min(3),
  /** By which metrics are told from those of other stacks; empty: no metrics. */
  PLACEMENT_STACK: z.string().max(255).default(""),
  /** A preset, or a JSON file of rules in the function's bundle or a layer. */
  PLACEMENT_POLICY: z.string().default(DEFAULT_CONFIGURATION.policy),
  /** JSON: rules that override those of the preset or the file. */
  PLACEMENT_POLICY_RULES: z.string().default(""),
  PLACEMENT_CORS_ORIGINS: z.string().default(""),
  /** JSON: the ARN of an IAM role or user to Placement's roles; see `roleMapSchema`. */
  PLACEMENT_IAM_ROLES: z.string().default("{}"),
  /** Keystone's URL, for clients whose token is not valid; empty without an endpoint for its tokens. */
  PLACEMENT_KEYSTONE_URL: z.union([z.literal(""), keystoneUrlSchema]).default(""),
  /** JSON: the Placement roles of direct callers. */
  PLACEMENT_DIRECT_ROLES: z.string().default(JSON.stringify(DEFAULT_CONFIGURATION.directRoles)),
  PLACEMENT_MAX_CHANGE_ITEMS: wholeNumber(BOUNDS.maxChangeItems).default(
    DEFAULT_CONFIGURATION.maxChangeItems,
  ),
  /** Seconds. */
  PLACEMENT_MAX_LEASE: wholeNumber(BOUNDS.maxLease).default(DEFAULT_CONFIGURATION.maxLease),
  /** Percent. */
  PLACEMENT_MAX_LEASE_SHARE: wholeNumber(BOUNDS.maxLeaseShare).default(
    DEFAULT_CONFIGURATION.maxLeaseShare,
  ),
  PLACEMENT_HISTORY_DAYS: wholeNumber(BOUNDS.historyDays).default(
    DEFAULT_CONFIGURATION.historyDays,
  ),
  PLACEMENT_EVENTS: z.stringbool().default(DEFAULT_CONFIGURATION.events),
  /** Seconds. */
  PLACEMENT_SNAPSHOT_MAX_AGE: wholeNumber(BOUNDS.snapshotMaxAge).default(
    DEFAULT_CONFIGURATION.snapshotMaxAge,
  ),
  PLACEMENT_RANDOMIZE_CANDIDATES: z.stringbool().default(DEFAULT_CONFIGURATION.randomizeCandidates),
  PLACEMENT_MAX_CANDIDATES: wholeNumber(BOUNDS.maxCandidates).default(
    DEFAULT_CONFIGURATION.maxCandidates,
  ),
  PLACEMENT_MAX_CANDIDATE_WORK: wholeNumber(BOUNDS.maxCandidateWork).default(
    DEFAULT_CONFIGURATION.maxCandidateWork,
  ),
  PLACEMENT_INCOMPLETE_PROJECT: z.string().min(1).default(DEFAULT_CONFIGURATION.incompleteProject),
  PLACEMENT_INCOMPLETE_USER: z.string().min(1).default(DEFAULT_CONFIGURATION.incompleteUser),
});

export function runtimeFrom(environment: Readonly<Record<string, string | undefined>>): Runtime {
  const parsed = environmentSchema.parse(environment);
  const configuration: Configuration = {
    ...policySettings({ policy: parsed.PLACEMENT_POLICY, rules: parsed.PLACEMENT_POLICY_RULES }),
    corsOrigins: originsOf(parsed.PLACEMENT_CORS_ORIGINS),
    incompleteProject: parsed.PLACEMENT_INCOMPLETE_PROJECT,
    incompleteUser: parsed.PLACEMENT_INCOMPLETE_USER,
    maxChangeItems: parsed.PLACEMENT_MAX_CHANGE_ITEMS,
    maxLease: parsed.PLACEMENT_MAX_LEASE,
    maxLeaseShare: parsed.PLACEMENT_MAX_LEASE_SHARE,
    historyDays: parsed.PLACEMENT_HISTORY_DAYS,
    events: parsed.PLACEMENT_EVENTS,
    snapshotMaxAge: parsed.PLACEMENT_SNAPSHOT_MAX_AGE,
    randomizeCandidates: parsed.PLACEMENT_RANDOMIZE_CANDIDATES,
    maxCandidateWork: parsed.PLACEMENT_MAX_CANDIDATE_WORK,
    maxCandidates: parsed.PLACEMENT_MAX_CANDIDATES,
    keystoneUrl: parsed.PLACEMENT_KEYSTONE_URL,
    directRoles: z.array(z.string().min(1)).parse(JSON.parse(parsed.PLACEMENT_DIRECT_ROLES)),
  };
  const roleMap = roleMapSchema.parse(JSON.parse(parsed.PLACEMENT_IAM_ROLES));
  const clock = systemClock;
  const random = systemRandom;
  const stack = parsed.PLACEMENT_STACK;
  const log = stack === "" ? consoleLog : withMetrics(consoleLog, { stack, clock });
  return {
    openStore: storeOpener({
      connection: connect(parsed.TABLE_NAME, () => environmentAccess(environment), clock),
      clock,
      random,
      log,
      ...storeLimits(configuration),
    }),
    identify: deployedIdentity(roleMap, clock),
    configuration,
    policy: configuredPolicy(configuration, log),
    clock,
    random,
    log,
  };
}

/**
 * A function creates its runtime during initialisation: an invalid setting ends it
 * there, with one line in the log.
 */
export function initialRuntime(
  environment: Readonly<Record<string, string | undefined>>,
  log: Log = consoleLog,
): Runtime | undefined {
  if (environment["AWS_LAMBDA_FUNCTION_NAME"] === undefined) return undefined;
  try {
    return runtimeFrom(environment);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log({ level: "ERROR", message: "the function cannot start", error: reason });
    throw error;
  }
}

let runtime = initialRuntime(process.env);

/** Created by the first request unless initialisation did; kept as long as the function runs. */
export const deployedRuntime: RuntimeSource = async () => {
  runtime ??= runtimeFrom(process.env);
  return runtime;
};
