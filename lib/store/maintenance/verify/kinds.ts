/** The rule for each kind of item, by its key: see docs/architecture.md, "The table". */

import { type Kind, kindOf } from "../../items/kinds.ts";
import type { Item } from "../../table/item.ts";
import { finding } from "./finding.ts";
import type { Rule } from "./rule.ts";
import { attemptRule } from "./rules/attempt.ts";
import { consumerRule } from "./rules/consumer.ts";
import { eventRule } from "./rules/event.ts";
import { feedCounterRule, feedEntryRule, pendingEventsRule } from "./rules/feed.ts";
import { hotRule } from "./rules/hot.ts";
import { allocationRule, idleRule, leaseRule, projectRule } from "./rules/lookups.ts";
import { nameGuardRule } from "./rules/name-guard.ts";
import { customNameRule } from "./rules/names.ts";
import { profileRule } from "./rules/profile.ts";
import { profilePageRule } from "./rules/profile-page.ts";
import { oldHeadsRule, shardLogRule } from "./rules/shard-log.ts";
import { treeRule } from "./rules/tree.ts";

/** No rule: the item stands alone, or `write-intents.ts` checks it. */
const free: Rule = { needs: () => ({}), check: () => [] };

const unknown: Rule = {
  needs: () => ({}),
  check: (item) => [finding("misplaced", `${item.pk} ${item.sk} is of no known kind`, item)],
};

const RULES: Readonly<Record<Kind, Rule>> = {
  hot: hotRule,
  profile: profileRule,
  "profile-page": profilePageRule,
  tree: treeRule,
  "provider-name": nameGuardRule,
  consumer: consumerRule,
  holder: allocationRule,
  "project-consumer": projectRule,
  "idle-consumer": idleRule,
  "leased-consumer": leaseRule,
  "custom-name": customNameRule,
  names: free,
  "shard-log": shardLogRule,
  "old-head": oldHeadsRule,
  "change-record": free,
  "commit-index": free,
  "change-page": free,
  "idempotency-record": free,
  event: eventRule,
  "feed-counter": feedCounterRule,
  "feed-entry": feedEntryRule,
  "pending-events": pendingEventsRule,
  attempt: attemptRule,
  meta: free,
};

export function ruleOf(item: Item): Rule {
  const kind = kindOf(item);
  return kind === undefined ? unknown : RULES[kind];
}
