/**
 * Who may do what: Placement's policy rules under its three presets. `secure`
 * and `legacy` are `[oslo_policy] enforce_new_defaults` true and false, `open`
 * is a policy file that permits everything to everybody with a token.
 *
 * Source: Placement configuration guide, "Sample Policy File".
 */
import type { Identity } from "./identity.ts";

export const POLICY_PRESETS = ["secure", "legacy", "open"] as const;
export type PolicyPreset = (typeof POLICY_PRESETS)[number];

export type Verdict = "permitted" | "forbidden" | "wrong_scope";

interface Target {
  readonly project: string | undefined;
}

function has(identity: Identity, role: string): boolean {
  return identity.roles.some((given) => given.toLowerCase() === role);
}

const projectReader = (identity: Identity, target: Target) =>
  has(identity, "reader") && identity.project !== undefined && identity.project === target.project;

const adminOrService = (identity: Identity) => has(identity, "admin") || has(identity, "service");

/** Rules that are not `role:admin or role:service`. */
const SPECIAL: Readonly<Record<string, (identity: Identity, target: Target) => boolean>> = {
  "placement:reshaper:reshape": (identity) => has(identity, "service"),
  "placement:usages": (identity, target) =>
    adminOrService(identity) || projectReader(identity, target),
};

/** Whether `identity` may do what `rule` guards, on a target of that project. */
export function decide(
  preset: PolicyPreset,
  rule: string,
  identity: Identity,
  target: Target,
): Verdict {
  if (identity.system) return "wrong_scope";
  if (preset === "open") return "permitted";
  if (preset === "legacy" && has(identity, "admin")) return "permitted";
  const check = Object.hasOwn(SPECIAL, rule) ? SPECIAL[rule] : undefined;
  return (check ?? adminOrService)(identity, target) ? "permitted" : "forbidden";
}
