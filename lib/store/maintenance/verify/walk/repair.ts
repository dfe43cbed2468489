/**
 * Repairs a finding if a rule decides what is right: see docs/reliability.md, "Repairs". The
 * consumer's item is authoritative for its allocations, the profile for its provider's name,
 * parent and root.
 */

import { providerOf } from "../../../items/shard.ts";
import type { MaintenanceStore } from "../../../maintenance-store.ts";
import type { Key } from "../../../table/item.ts";
import { finishLeft, forgetChange, removeIntent, removePage } from "../../repairs/changes.ts";
import { raiseNextId } from "../../repairs/names.ts";
import type { Incomplete, Repair } from "../../repairs/outcome.ts";
import { removeProfilePage } from "../../repairs/profile-pages.ts";
import { putGuard, removeGuard, repairProfileVersion } from "../../repairs/profiles.ts";
import { repairRecord } from "../../repairs/records.ts";
import { renameConsumer } from "../../repairs/rename-consumer.ts";
import { repairShardLog } from "../../repairs/shard-log.ts";
import { joinTree, leaveTree } from "../../repairs/trees.ts";
import { repairUse } from "../../repairs/use.ts";
import type { Finding, RuleName } from "../finding.ts";

interface Broken {
  readonly store: MaintenanceStore;
  /** The item that the finding is about. */
  readonly key: Key;
  /** The second item of the finding. */
  readonly other: Key | undefined;
  readonly incomplete: Incomplete;
}

/** Findings of all other rules are left to the operator: nothing decides what is right. */
const REPAIRS: Partial<Record<RuleName, (broken: Broken) => Promise<Repair>>> = {
  use: ({ store, key }) => repairUse(store, providerOf(key)),
  "consumer-lookup": repairItem,
  "lookup-orphan": repairItem,
  spelling: ({ store, key }) => renameConsumer(store, key),
  "profile-version": ({ store, key }) => repairProfileVersion(store, key),
  "profile-page": ({ store, key }) => removeProfilePage(store, key),
  "name-guard": ({ store, key }) => putGuard(store, key),
  "name-orphan": ({ store, key }) => removeGuard(store, key),
  "tree-lacks": ({ store, key }) => joinTree(store, key),
  "tree-names": ({ store, key, other }) => leaveTree(store, key, other),
  "name-ids": ({ store, key }) => raiseNextId(store, key),
  head: ({ store, key }) => repairShardLog(store, key),
  "mark-orphan": ({ store, key }) => removeIntent(store, key),
  "page-orphan": ({ store, key }) => removePage(store, key),
  "gate-orphan": ({ store, other }) => forgetChange(store, other),
  "change-left": ({ store }) => finishLeft(store),
};

export async function repairFinding(
  store: MaintenanceStore,
  { rule, items: [key, other] }: Finding,
  incomplete: Incomplete,
): Promise<Repair> {
  const repair = REPAIRS[rule];
  if (repair === undefined || key === undefined) return "left";
  return repair({ store, key, other, incomplete });
}

async function repairItem({ store, key, incomplete }: Broken): Promise<Repair> {
  const item = await store.get(key);
  return item === undefined ? "sound" : repairRecord(store, item, incomplete);
}
