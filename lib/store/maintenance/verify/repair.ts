/**
 * What is done about a finding, where a rule says what is right: see
 * docs/reliability.md, "Repairs". The consumer's item is the truth about what it
 * holds, the profile about its provider's name, parent and root.
 */

import { providerIn } from "../../items/keys.ts";
import type { Store } from "../../store.ts";
import type { Item, Key } from "../../table/item.ts";
import type { Incomplete, Repair } from "../rebuild.ts";
import { repairAllocation, repairConsumer } from "../rebuild-consumers.ts";
import { repairIdle, repairProject } from "../rebuild-lookups.ts";
import { repairUse } from "../rebuild-use.ts";
import { renameConsumer } from "../rename-consumer.ts";
import type { Finding, RuleName } from "./finding.ts";
import { kindOf } from "./kinds.ts";
import { finishLeft, forgetChange, removePage, unmark } from "./repairs/changes.ts";
import { raiseNextId } from "./repairs/names.ts";
import { putGuard, removeGuard, repairProfileVersion } from "./repairs/profiles.ts";
import { repairShardLog } from "./repairs/shard-log.ts";
import { joinTree, leaveTree } from "./repairs/trees.ts";

interface Broken {
  readonly store: Store;
  /** The item that the finding is about. */
  readonly key: Key;
  /** The second one. */
  readonly other: Key | undefined;
  readonly incomplete: Incomplete;
}

/** Findings of all other rules are left to the operator: nothing tells what is right. */
const REPAIRS: Partial<Record<RuleName, (broken: Broken) => Promise<Repair>>> = {
  use: ({ store, key }) => repairUse(store, providerIn(key.sk)),
  "consumer-lookup": ({ store, key }) => withItem(store, key, repairConsumer),
  "lookup-orphan": repairLookup,
  spelling: ({ store, key }) => renameConsumer(store, key),
  "profile-version": ({ store, key }) => repairProfileVersion(store, key),
  "name-guard": ({ store, key }) => putGuard(store, key),
  "name-orphan": ({ store, key }) => removeGuard(store, key),
  "tree-lacks": ({ store, key }) => joinTree(store, key),
  "tree-names": ({ store, key, other }) => leaveTree(store, key, other),
  "name-ids": ({ store, key }) => raiseNextId(store, key),
  head: ({ store, key }) => repairShardLog(store, key),
  "mark-orphan": ({ store, key }) => unmark(store, key),
  "page-orphan": ({ store, key }) => removePage(store, key),
  "gate-orphan": ({ store, other }) => forgetChange(store, other),
  "change-left": ({ store }) => finishLeft(store),
};

export async function repairFinding(
  store: Store,
  { rule, items: [key, other] }: Finding,
  incomplete: Incomplete,
): Promise<Repair> {
  const repair = REPAIRS[rule];
  if (repair === undefined || key === undefined) return "left";
  return repair({ store, key, other, incomplete });
}

function repairLookup({ store, key, incomplete }: Broken): Promise<Repair> {
  return withItem(store, key, async (_, item) => {
    switch (kindOf(item)) {
      case "ALLOCATIONS":
        return repairAllocation(store, item, incomplete);
      case "PROJECT":
        return repairProject(store, item, incomplete);
      default:
        return repairIdle(store, item);
    }
  });
}

async function withItem(
  store: Store,
  key: Key,
  repair: (store: Store, item: Item) => Promise<Repair>,
): Promise<Repair> {
  const item = await store.get(key);
  return item === undefined ? "sound" : repair(store, item);
}
