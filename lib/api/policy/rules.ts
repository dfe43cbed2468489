/**
 * Placement's policy rules and our own, under the three presets. `secure` and
 * `legacy` are `[oslo_policy] enforce_new_defaults` true and false; `open` is a
 * policy file that permits everything to everybody with a token.
 *
 * Source: Placement configuration guide, "Sample Policy File".
 */

export const POLICY_PRESETS = ["secure", "legacy", "open"] as const;
export type PolicyPreset = (typeof POLICY_PRESETS)[number];

/** A check in oslo.policy's syntax: a string, or a list of lists. */
export type Rule = string | readonly (string | readonly string[])[];

/** Rules by name. */
export type Rules = Readonly<Record<string, Rule>>;

/**
 * Rules that others refer to. All but `admin_api` replace a deprecated check of Placement,
 * `role:admin`, which `legacy` accepts as well. The guards replace none: what they permit
 * under `legacy` comes from the rules that they refer to.
 */
const COMMON = {
  admin_api: "role:admin",
  service_api: "role:service",
  admin_or_service_api: "role:admin or role:service",
  project_reader_api: "role:reader and project_id:%(project_id)s",
  admin_or_project_reader_or_service_api: "role:admin or rule:project_reader_api or role:service",
} as const;

const DEFAULT = "rule:admin_or_service_api";

/** The rules that guard operations. */
const GUARDS = {
  "placement:resource_providers:list": DEFAULT,
  "placement:resource_providers:create": DEFAULT,
  "placement:resource_providers:show": DEFAULT,
  "placement:resource_providers:update": DEFAULT,
  "placement:resource_providers:delete": DEFAULT,
  "placement:resource_providers:inventories:list": DEFAULT,
  "placement:resource_providers:inventories:create": DEFAULT,
  "placement:resource_providers:inventories:show": DEFAULT,
  "placement:resource_providers:inventories:update": DEFAULT,
  "placement:resource_providers:inventories:delete": DEFAULT,
  "placement:resource_providers:aggregates:list": DEFAULT,
  "placement:resource_providers:aggregates:update": DEFAULT,
  "placement:resource_providers:traits:list": DEFAULT,
  "placement:resource_providers:traits:update": DEFAULT,
  "placement:resource_providers:traits:delete": DEFAULT,
  "placement:resource_providers:usages": DEFAULT,
  "placement:resource_providers:allocations:list": DEFAULT,
  "placement:allocations:list": DEFAULT,
  "placement:allocations:manage": DEFAULT,
  "placement:allocations:update": DEFAULT,
  "placement:allocations:delete": DEFAULT,
  "placement:allocation_candidates:list": DEFAULT,
  "placement:resource_classes:list": DEFAULT,
  "placement:resource_classes:create": DEFAULT,
  "placement:resource_classes:show": DEFAULT,
  "placement:resource_classes:update": DEFAULT,
  "placement:resource_classes:delete": DEFAULT,
  "placement:traits:list": DEFAULT,
  "placement:traits:show": DEFAULT,
  "placement:traits:update": DEFAULT,
  "placement:traits:delete": DEFAULT,
  "placement:usages": "rule:admin_or_project_reader_or_service_api",
  "placement:reshaper:reshape": "rule:service_api",
  // Our extensions.
  "placement:resource_providers:allocations:delete": DEFAULT,
  "placement:claims:create": DEFAULT,
  "placement:consumers:list": DEFAULT,
  "placement:consumers:list_all": DEFAULT,
  "placement:consumers:create": DEFAULT,
  "placement:consumers:show": DEFAULT,
  "placement:consumers:update": DEFAULT,
  "placement:consumers:delete": DEFAULT,
  "placement:consumers:lease": DEFAULT,
  "placement:metrics:show": DEFAULT,
  "placement:status:show": DEFAULT,
  // Of a project's reader: events of its own consumers.
  "placement:history:show": "rule:admin_or_project_reader_or_service_api",
  "placement:events:list": "rule:admin_or_project_reader_or_service_api",
} as const;

/** The names of the rules that guard operations. */
export const GUARD_NAMES: readonly string[] = Object.keys(GUARDS);

/** All rules of a preset. */
export function presetRules(preset: PolicyPreset): Record<string, string> {
  const secure = { ...COMMON, ...GUARDS };
  switch (preset) {
    case "secure":
      return secure;
    case "legacy":
      return { ...secure, ...legacyRules() };
    case "open":
      return { ...COMMON, ...Object.fromEntries(GUARD_NAMES.map((name) => [name, "@"])) };
  }
}

/** The rules with a deprecated check of their own, which passes as well. */
function legacyRules(): Record<string, string> {
  const { admin_api: deprecated, ...successors } = COMMON;
  return Object.fromEntries(
    Object.entries(successors).map(([name, check]) => [name, `(${check}) or ${deprecated}`]),
  );
}
