/**
 * How many providers use each custom class and trait, compared with the users that their
 * names have.
 */
import { FIRST_CUSTOM_ID } from "../../../model/standard-classes.ts";
import { customNameOf, type NameKind, nameKindOf } from "../../items/custom-name.ts";
import { isHot, stateOf } from "../../items/hot.ts";
import { isProfile, profileOf } from "../../items/profile.ts";
import type { Item } from "../../table/item.ts";
import { type Finding, finding } from "./finding.ts";

/** Number of providers by custom id. */
export type Users = Map<number, number>;

export function countUsers(users: Record<NameKind, Users>, items: Iterable<Item>): void {
  for (const item of items) {
    if (isHot(item)) count(users.CLASSES, inventoryIds(item));
    else if (isProfile(item)) count(users.TRAITS, traitIds(item));
  }
}

function count(users: Users, ids: Iterable<number>): void {
  for (const id of ids) {
    if (id >= FIRST_CUSTOM_ID) users.set(id, (users.get(id) ?? 0) + 1);
  }
}

/** An item that cannot be decoded is a finding of its own. */
function inventoryIds(item: Item): Iterable<number> {
  try {
    return stateOf(item).inventories.keys();
  } catch {
    return [];
  }
}

function traitIds(item: Item): Iterable<number> {
  try {
    return profileOf(item).traits;
  } catch {
    return [];
  }
}

export function noUsers(): Record<NameKind, Users> {
  return { CLASSES: new Map(), TRAITS: new Map() };
}

/** Names whose users are wrong, or that share an id; `names` are all of both kinds. */
export function brokenNames(names: readonly Item[], users: Record<NameKind, Users>): Finding[] {
  const holders = new Map<number, Item>();
  return names.flatMap((item) => {
    const { id, users: counted } = customNameOf(item);
    const holder = holders.get(id);
    holders.set(id, holder ?? item);
    const found: Finding[] = [];
    if (holder !== undefined) {
      const what = `${item.pk} ${item.sk} has id ${id}, as ${holder.pk} ${holder.sk} has`;
      found.push(finding("name-ids", what, item, holder));
    }
    const kind = nameKindOf(item);
    const using = (kind && users[kind].get(id)) ?? 0;
    if (counted !== using) {
      const what = `${item.pk} ${item.sk} counts ${counted} providers, ${using} use it`;
      found.push(finding("name-users", what, item));
    }
    return found;
  });
}
