/**
 * The policy that the operator configured: `PLACEMENT_POLICY` names a preset, or a
 * JSON file of rules that override those of `secure`; `PLACEMENT_POLICY_RULES`,
 * a JSON object, overrides single rules of either.
 */
import { readFileSync } from "node:fs";
import * as z from "zod";
import { Policy } from "../policy.ts";
import type { Log } from "../runtime.ts";
import { PolicyError } from "./parse.ts";
import { POLICY_PRESETS, type PolicyPreset, type Rules } from "./rules.ts";

/** Characters of a policy file. */
const MAX_FILE_LENGTH = 262_144;

const rulesSchema = z.record(
  z.string(),
  z.union([z.string(), z.array(z.union([z.string(), z.array(z.string())]))]),
);

export interface PolicySettings {
  readonly policy: PolicyPreset;
  readonly policyRules: Rules;
}

/** The values of the environment variables; undefined or empty means unset. */
export interface GivenPolicy {
  readonly policy: string | undefined;
  readonly rules: string | undefined;
}

/** @throws PolicyError, one line, if the policy cannot be read or parsed */
export function policySettings(given: GivenPolicy): PolicySettings {
  const base = given.policy ? presetOrFile(given.policy) : { policy: "secure" as const };
  const overrides = given.rules ? rulesOf("PLACEMENT_POLICY_RULES", given.rules) : {};
  const settings = { policyRules: {}, ...base };
  const policyRules = { ...settings.policyRules, ...overrides };
  new Policy(settings.policy, policyRules);
  return { policy: settings.policy, policyRules };
}

/** The policy of a configuration; logs names that look misspelt. */
export function configuredPolicy(settings: PolicySettings, log: Log): Policy {
  const policy = new Policy(settings.policy, settings.policyRules);
  if (policy.unknown.length > 0) {
    const message = "the policy has rules that guard nothing";
    log({ level: "WARN", message, rules: policy.unknown });
  }
  return policy;
}

function presetOrFile(name: string): { policy: PolicyPreset; policyRules?: Rules } {
  const preset = POLICY_PRESETS.find((each) => each === name);
  if (preset !== undefined) return { policy: preset };
  return { policy: "secure", policyRules: rulesOf(name, readText(name)) };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new PolicyError(
      `PLACEMENT_POLICY must be secure, legacy or open, or name a JSON file: ${path} cannot be read (${code ?? message})`,
    );
  }
}

function rulesOf(source: string, text: string): Rules {
  if (text.length > MAX_FILE_LENGTH) {
    throw new PolicyError(`${source} is longer than ${MAX_FILE_LENGTH} characters`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new PolicyError(`${source} is not JSON: ${(error as Error).message}`);
  }
  const parsed = rulesSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const name = parsed.error.issues[0]?.path[0];
  const what =
    name === undefined
      ? "it is not an object"
      : `rule ${String(name)} is neither a string nor a list`;
  throw new PolicyError(`${source} is not a set of policy rules: ${what}`);
}
