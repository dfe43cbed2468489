/** The rule for each kind of item, by its key: see docs/architecture.md, "The table". */

import { HOT, PROFILE } from "../../items/keys.ts";
import type { Item } from "../../table/item.ts";
import { finding } from "./finding.ts";
import type { Rule } from "./rule.ts";
import { consumerRule } from "./rules/consumer.ts";
import { hotRule } from "./rules/hot.ts";
import { allocationRule, idleRule, projectRule } from "./rules/lookups.ts";
import { nameGuardRule } from "./rules/name-guard.ts";
import { customNameRule } from "./rules/names.ts";
import { profileRule } from "./rules/profile.ts";
import { oldHeadsRule, shardLogRule } from "./rules/shard-log.ts";
import { treeRule } from "./rules/tree.ts";

/** Nothing can be said of it: it belongs to nothing else, or `marks.ts` looks at it. */
const free: Rule = { needs: () => ({}), check: () => [] };

const unknown: Rule = {
  needs: () => ({}),
  check: (item) => [finding("misplaced", `${item.pk} ${item.sk} is of no known kind`, item)],
};

const RULES: Readonly<Record<string, Rule>> = {
  TREE: treeRule,
  NAME: nameGuardRule,
  CONSUMER: consumerRule,
  ALLOCATIONS: allocationRule,
  PROJECT: projectRule,
  IDLE: idleRule,
  CLASSES: customNameRule,
  TRAITS: customNameRule,
  NAMES: free,
  LOG: shardLogRule,
  HEADS: oldHeadsRule,
  META: free,
  IDEMPOTENCY: free,
  CHANGES: free,
  CHANGE: free,
};

export function kindOf({ pk }: Item): string {
  return pk.split("#", 1)[0] ?? pk;
}

export function ruleOf(item: Item): Rule {
  const kind = kindOf(item);
  if (kind === "SHARD") {
    if (item.sk.startsWith(HOT)) return hotRule;
    return item.sk.startsWith(PROFILE) ? profileRule : unknown;
  }
  return (Object.hasOwn(RULES, kind) ? RULES[kind] : undefined) ?? unknown;
}
