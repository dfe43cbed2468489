/** A consumer has all of its look-up items, and they agree with it. */

import { isDeepStrictEqual } from "node:util";
import type { Consumer } from "../../../../model/consumer.ts";
import { consumerKey, consumerOf } from "../../../items/consumer.ts";
import { lookupItems } from "../../../items/consumer-lookups.ts";
import { hotKey } from "../../../items/hot.ts";
import { isCount } from "../../../items/versions.ts";
import type { Item } from "../../../table/item.ts";
import { lookedForAs } from "../../repairs/rename-consumer.ts";
import { type Finding, finding } from "../finding.ts";
import type { Near, Rule } from "../rule.ts";
import { misplaced } from "./placed.ts";

export const consumerRule: Rule = {
  needs(item) {
    const consumer = consumerOf(item);
    const canonical = lookedForAs(consumer.uuid);
    return {
      keys: [
        ...lookupItems(consumer),
        ...[...consumer.allocations.keys()].map(hotKey),
        ...(canonical === undefined ? [] : [consumerKey(canonical)]),
      ],
    };
  },
  check(item, near) {
    const consumer = consumerOf(item);
    const found = [
      ...misplaced(item, consumerKey(consumer.uuid)),
      ...misspelt(item, consumer, near),
      ...brokenValues(item, consumer),
      ...brokenLease(item, consumer),
    ];
    for (const wanted of lookupItems(consumer)) {
      const stored = near.get(wanted);
      if (stored !== undefined && isDeepStrictEqual(stored, wanted)) continue;
      const how = stored === undefined ? "is missing" : "differs from it";
      const what = `${wanted.pk} ${wanted.sk} of consumer ${consumer.uuid} ${how}`;
      found.push(finding("consumer-lookup", what, item, wanted));
    }
    for (const provider of consumer.allocations.keys()) {
      if (near.get(hotKey(provider)) !== undefined) continue;
      const what = `consumer ${consumer.uuid} has allocations on provider ${provider}, which is absent`;
      found.push(finding("held-without-inventory", what, item, hotKey(provider)));
    }
    return found;
  },
};

/** The key is not the canonical spelling that requests look up: no request finds the consumer. */
function misspelt(item: Item, { uuid }: Consumer, near: Near): Finding[] {
  const canonical = lookedForAs(uuid);
  if (canonical === undefined) return [];
  const other = consumerKey(canonical);
  const taken = near.get(other) === undefined ? "" : ", where another consumer is";
  const what = `consumer ${uuid} is looked up as ${canonical}${taken}`;
  return [finding("spelling", what, item, other)];
}

function brokenValues(item: Item, { uuid, generation, allocations }: Consumer): Finding[] {
  const found: Finding[] = [];
  const parts = [...allocations.values()];
  const amounts = parts.flatMap((each) => [...each.values()]);
  if (parts.some((each) => each.size === 0) || !amounts.every((amount) => isAmount(amount))) {
    found.push(
      finding("amounts", `consumer ${uuid} has an allocation without a positive amount`, item),
    );
  }
  if (!isCount(generation)) {
    found.push(finding("generation", `consumer ${uuid} has generation ${generation}`, item));
  }
  return found;
}

/** Listed after its end, a lease would be released late. */
function brokenLease(item: Item, { uuid, lease }: Consumer): Finding[] {
  if (lease === undefined) return [];
  const { version, term } = lease;
  const times = term === undefined ? [] : [term.expires, term.listed];
  if (isCount(version) && version > 0 && times.every(isCount)) {
    if (term === undefined || term.listed <= term.expires) return [];
  }
  const what = `consumer ${uuid} has a lease of version ${version} that ends and is listed at ${times.join(", ")}`;
  return [finding("lease", what, item)];
}

function isAmount(amount: number): boolean {
  return isCount(amount) && amount > 0;
}
