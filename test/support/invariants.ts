/** What must hold in every table, whatever was done to it: see docs/architecture.md, "The table". */

import type { Item } from "../../lib/store/item.ts";
import { brokenConsumers } from "./invariants/consumers.ts";
import { brokenHeads } from "./invariants/heads.ts";
import { brokenNames } from "./invariants/names.ts";
import { brokenProviders } from "./invariants/providers.ts";
import type { Stored } from "./invariants/stored.ts";
import { readStored } from "./invariants/stored.ts";
import { brokenTrees } from "./invariants/trees.ts";

const RULES: readonly ((stored: Stored) => string[])[] = [
  brokenProviders,
  brokenConsumers,
  brokenTrees,
  brokenNames,
  brokenHeads,
];

/** A sentence for each contradiction among all items of a table; none if it is whole. */
export function brokenInvariants(items: readonly Item[]): string[] {
  const stored = readStored(items);
  const marked = items
    .filter((item) => "mark" in item)
    .map(({ pk, sk }) => `${pk} ${sk} is marked`);
  return [...marked, ...RULES.flatMap((broken) => broken(stored))];
}
