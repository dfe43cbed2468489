/**
 * A provider's hot item: its use is the sum of the allocations on it, and free is the rest of
 * the capacity.
 */

import { capacityOf, type StoredInventory } from "../../../../model/inventory.ts";
import type { ProviderState } from "../../../../model/provider.ts";
import { type ClassId, FIRST_CUSTOM_ID } from "../../../../model/standard-classes.ts";
import { sumUsages } from "../../../../model/usages.ts";
import type { Uuid } from "../../../../model/uuid.ts";
import { customNamesPk } from "../../../items/custom-name.ts";
import { allocationsPk, heldAllocationOf } from "../../../items/holder.ts";
import { hotKey, stateOf } from "../../../items/hot.ts";
import { profileKey } from "../../../items/profile.ts";
import { isCount } from "../../../items/versions.ts";
import type { Item } from "../../../table/item.ts";
import { type Finding, finding } from "../finding.ts";
import type { Near, Rule } from "../rule.ts";
import { misplaced } from "./placed.ts";
import { unknownIds } from "./unknown-ids.ts";

export const hotRule: Rule = {
  needs(item) {
    const { uuid, inventories } = stateOf(item);
    const custom = [...inventories.keys()].some((id) => id >= FIRST_CUSTOM_ID);
    return {
      keys: [profileKey(uuid)],
      partitions: [allocationsPk(uuid), ...(custom ? [customNamesPk("CLASSES")] : [])],
    };
  },
  check(item, near) {
    const state = stateOf(item);
    const { uuid, generation, revision, profileVersion } = state;
    const found = [...misplaced(item, hotKey(uuid)), ...brokenUse(item, state, near)];
    for (const [name, value] of Object.entries({ generation, revision, profileVersion })) {
      if (isCount(value)) continue;
      found.push(finding("generation", `provider ${uuid} has ${name} ${value}`, item));
    }
    if (near.get(profileKey(uuid)) === undefined) {
      found.push(
        finding("provider-half", `provider ${uuid} has no profile`, item, profileKey(uuid)),
      );
    }
    found.push(
      ...unknownIds(item, [...state.inventories.keys()], near.under(customNamesPk("CLASSES"))),
    );
    return found;
  },
};

function brokenUse(item: Item, { uuid, inventories, consumers }: ProviderState, near: Near) {
  const lookups = near.under(allocationsPk(uuid));
  const sums = sumUsages(
    lookups.map((lookup) => ({ type: null, amounts: heldAllocationOf(lookup).amounts })),
  );
  const found: Finding[] = [];
  if (consumers !== lookups.length) {
    const what = `provider ${uuid} counts ${consumers} consumers, but ${lookups.length} found`;
    found.push(finding("use", what, item));
  }
  for (const [id, sum] of sums) {
    if (inventories.has(id)) continue;
    const what = `provider ${uuid} has no class ${id}, of which ${sum} are allocated`;
    found.push(finding("held-without-inventory", what, item));
  }
  for (const [id, inventory] of inventories) {
    found.push(...brokenClass(item, { uuid, id, inventory, sum: sums.get(id) ?? 0 }));
  }
  return found;
}

interface ClassOf {
  readonly uuid: Uuid;
  readonly id: ClassId;
  readonly inventory: StoredInventory;
  readonly sum: number;
}

function brokenClass(item: Item, { uuid, id, inventory, sum }: ClassOf): Finding[] {
  const { used, free, ...configured } = inventory;
  const wrong = Object.entries(configured).filter(([, value]) => !Number.isFinite(value));
  const found = wrong.map(([name, value]) =>
    finding("malformed", `provider ${uuid} class ${id} has ${name} ${value}`, item),
  );
  if (used !== sum) {
    const what = `provider ${uuid} class ${id} has use ${used}, its allocations add up to ${sum}`;
    found.push(finding("use", what, item));
  }
  const rest = capacityOf(inventory) - used;
  if (free !== rest) {
    const what = `provider ${uuid} class ${id} has ${free} free, capacity less use is ${rest}`;
    found.push(finding("use", what, item));
  }
  return found;
}
