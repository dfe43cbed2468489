/**
 * A provider's profile: it agrees with its hot item, its name has a guard, and its tree
 * contains it.
 */

import type { ProviderProfile } from "../../../../model/provider.ts";
import { FIRST_CUSTOM_ID } from "../../../../model/standard-classes.ts";
import { customNamesPk } from "../../../items/custom-name.ts";
import { hotKey, stateOf } from "../../../items/hot.ts";
import { profileKey, profileOf } from "../../../items/profile.ts";
import { nameKey, providerOfName } from "../../../items/provider-name.ts";
import { treeKey, treeOf } from "../../../items/tree.ts";
import { isCount } from "../../../items/versions.ts";
import type { Item } from "../../../table/item.ts";
import { type Finding, finding } from "../finding.ts";
import type { Near, Rule } from "../rule.ts";
import { misplaced } from "./placed.ts";
import { unknownIds } from "./unknown-ids.ts";

export const profileRule: Rule = {
  needs(item) {
    const { uuid, name, root, traits } = profileOf(item);
    const custom = traits.some((id) => id >= FIRST_CUSTOM_ID);
    return {
      keys: [hotKey(uuid), nameKey(name), treeKey(root)],
      partitions: custom ? [customNamesPk("TRAITS")] : [],
    };
  },
  check(item, near) {
    const profile = profileOf(item);
    const found = [
      ...misplaced(item, profileKey(profile.uuid)),
      ...brokenVersion(item, profile, near),
      ...unguarded(item, profile, near),
      ...treeless(item, profile, near),
      ...unknownIds(item, profile.traits, near.under(customNamesPk("TRAITS"))),
    ];
    if (profile.traits.some((id, index) => id <= (profile.traits[index - 1] ?? -1))) {
      found.push(
        finding("malformed", `provider ${profile.uuid} has traits that do not ascend`, item),
      );
    }
    return found;
  },
};

function brokenVersion(item: Item, { uuid, version }: ProviderProfile, near: Near): Finding[] {
  const hot = near.get(hotKey(uuid));
  if (hot === undefined) {
    return [finding("provider-half", `provider ${uuid} has no hot item`, item, hotKey(uuid))];
  }
  const { profileVersion } = stateOf(hot);
  if (!isCount(version)) {
    return [finding("generation", `the profile of ${uuid} has version ${version}`, item)];
  }
  if (profileVersion === version) return [];
  const what = `the profile of ${uuid} has version ${version}, the hot item says ${profileVersion}`;
  return [finding("profile-version", what, item, hot)];
}

function unguarded(item: Item, { uuid, name }: ProviderProfile, near: Near): Finding[] {
  const guard = near.get(nameKey(name));
  const holder = guard && providerOfName(guard);
  if (holder === uuid) return [];
  const what = `the name '${name}' of provider ${uuid} is held by ${holder ?? "nobody"}`;
  return [finding("name-guard", what, item, nameKey(name))];
}

function treeless(item: Item, { uuid, root }: ProviderProfile, near: Near): Finding[] {
  const tree = near.get(treeKey(root));
  if (tree !== undefined && treeOf(tree).parents.has(uuid)) return [];
  const what = `provider ${uuid} is not in the tree of its root ${root}`;
  return [finding("tree-lacks", what, item, treeKey(root))];
}
