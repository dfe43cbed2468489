/** The invariants of every table, as the product's verifier checks them. */

import { verifyItems } from "../../lib/store/maintenance/verify/verify-items.ts";
import type { Item } from "../../lib/store/table/item.ts";

/** A sentence for each contradiction among all items of a table at rest; none if it is whole. */
export function brokenInvariants(items: readonly Item[]): string[] {
  const withIntent = items
    .filter((item) => "mark" in item)
    .map(({ pk, sk }) => `${pk} ${sk} has a write intent`);
  const findings = verifyItems(items, Number.POSITIVE_INFINITY);
  return [...withIntent, ...findings.map(({ rule, what }) => `${rule}: ${what}`)];
}
