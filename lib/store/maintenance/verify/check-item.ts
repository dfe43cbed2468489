/** Checks one item by its rule; an item that cannot be read is a finding, not a failure. */
import type { Item } from "../../table/item.ts";
import { type Finding, finding } from "./finding.ts";
import { ruleOf } from "./kinds.ts";
import type { Near, Needs } from "./rule.ts";

export function needsOf(item: Item): Needs {
  try {
    return ruleOf(item).needs(item);
  } catch {
    return {};
  }
}

export function checkItem(item: Item, near: Near): Finding[] {
  try {
    const rule = ruleOf(item);
    rule.needs(item);
    return rule.check(item, near);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [finding("malformed", `${item.pk} ${item.sk} cannot be read: ${reason}`, item)];
  }
}
