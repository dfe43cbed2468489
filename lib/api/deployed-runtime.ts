/**
 * The runtime of a deployed function, read from its environment. Identity is
 * always IAM's: what a local server accepts instead is not part of a bundle.
 */
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import type { Clock, Random } from "../model/clock.ts";
import { connect } from "../store/connection.ts";
import { storeOpener } from "../store/open-store.ts";
import {
  type Configuration,
  DEFAULT_CONFIGURATION,
  MAX_CHANGE_ITEMS,
  MIN_CHANGE_ITEMS,
} from "./configuration.ts";
import { iamIdentity } from "./iam-identity.ts";
import { configuredPolicy, policySettings } from "./policy/settings.ts";
import type { Log, Runtime, RuntimeSource } from "./runtime.ts";

const roles = z.array(z.string().min(1));

/** The environment of a deployed function; the stack sets it. */
export const environmentSchema = z.object({
  TABLE_NAME: z.string().min(3),
  /** A preset, or a JSON file of rules in the function's bundle or a layer. */
  PLACEMENT_POLICY: z.string().default(DEFAULT_CONFIGURATION.policy),
  /** JSON: rules that override those of the preset or the file. */
  PLACEMENT_POLICY_RULES: z.string().default(""),
  PLACEMENT_CORS_ORIGINS: z.string().default(""),
  /** JSON: an IAM role's ARN to Placement's roles. */
  PLACEMENT_IAM_ROLES: z.string().default("{}"),
  /** JSON: Placement's roles of direct callers. */
  PLACEMENT_DIRECT_ROLES: z.string().default(JSON.stringify(DEFAULT_CONFIGURATION.directRoles)),
  PLACEMENT_MAX_CHANGE_ITEMS: z.coerce
    .number()
    .int()
    .min(MIN_CHANGE_ITEMS)
    .max(MAX_CHANGE_ITEMS)
    .default(DEFAULT_CONFIGURATION.maxChangeItems),
  PLACEMENT_RANDOMIZE_CANDIDATES: z.stringbool().default(DEFAULT_CONFIGURATION.randomizeCandidates),
  PLACEMENT_MAX_CANDIDATE_WORK: z.coerce
    .number()
    .int()
    .min(1_000)
    .max(1_000_000_000)
    .default(DEFAULT_CONFIGURATION.maxCandidateWork),
  PLACEMENT_MAX_CANDIDATES: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(DEFAULT_CONFIGURATION.maxCandidates),
  PLACEMENT_INCOMPLETE_PROJECT: z.string().min(1).default(DEFAULT_CONFIGURATION.incompleteProject),
  PLACEMENT_INCOMPLETE_USER: z.string().min(1).default(DEFAULT_CONFIGURATION.incompleteUser),
});

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds) => {
    await setTimeout(milliseconds);
  },
};

export const systemRandom: Random = { fraction: Math.random, uuid: randomUUID };

export const consoleLog: Log = (entry) => {
  console.log(JSON.stringify(entry));
};

/** The origins of a list that is separated by commas. */
export function originsOf(text: string): string[] {
  return text
    .split(",")
    .map((origin) => origin.trim())
    .filter((origin) => origin !== "");
}

export function runtimeFrom(environment: Readonly<Record<string, string | undefined>>): Runtime {
  const parsed = environmentSchema.parse(environment);
  const configuration: Configuration = {
    ...policySettings({ policy: parsed.PLACEMENT_POLICY, rules: parsed.PLACEMENT_POLICY_RULES }),
    corsOrigins: originsOf(parsed.PLACEMENT_CORS_ORIGINS),
    incompleteProject: parsed.PLACEMENT_INCOMPLETE_PROJECT,
    incompleteUser: parsed.PLACEMENT_INCOMPLETE_USER,
    maxChangeItems: parsed.PLACEMENT_MAX_CHANGE_ITEMS,
    randomizeCandidates: parsed.PLACEMENT_RANDOMIZE_CANDIDATES,
    maxCandidateWork: parsed.PLACEMENT_MAX_CANDIDATE_WORK,
    maxCandidates: parsed.PLACEMENT_MAX_CANDIDATES,
    directRoles: roles.parse(JSON.parse(parsed.PLACEMENT_DIRECT_ROLES)),
  };
  const roleMap = z.record(z.string(), roles).parse(JSON.parse(parsed.PLACEMENT_IAM_ROLES));
  const clock = systemClock;
  const random = systemRandom;
  return {
    openStore: storeOpener({
      connection: connect(parsed.TABLE_NAME),
      clock,
      random,
      log: consoleLog,
      maxChangeItems: configuration.maxChangeItems,
    }),
    identify: iamIdentity(roleMap),
    configuration,
    policy: configuredPolicy(configuration, consoleLog),
    clock,
    random,
    log: consoleLog,
  };
}

/**
 * In a function the runtime is made while the function is initialised: a setting
 * that is wrong stops it there, with one line in its log.
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

/** Made at the first request unless it is there already, and kept for the function's life. */
export const deployedRuntime: RuntimeSource = async () => {
  runtime ??= runtimeFrom(process.env);
  return runtime;
};
