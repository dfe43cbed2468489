/** A tree's item and the profiles of its members describe the same tree, without cycles. */

import type { Parents } from "../../../../model/tree.ts";
import type { Uuid } from "../../../../model/uuid.ts";
import { profileKey, profileOf } from "../../../items/profile.ts";
import { treeKey, treeOf } from "../../../items/tree.ts";
import { isCount } from "../../../items/versions.ts";
import type { Item } from "../../../table/item.ts";
import { type Finding, finding } from "../finding.ts";
import type { Near, Rule } from "../rule.ts";
import { misplaced } from "./placed.ts";

export const treeRule: Rule = {
  needs: (item) => ({ keys: [...treeOf(item).parents.keys()].map(profileKey) }),
  check(item, near) {
    const { root, version, parents } = treeOf(item);
    const found = misplaced(item, treeKey(root));
    if (!isCount(version)) {
      found.push(finding("generation", `tree ${root} has version ${version}`, item));
    }
    for (const [uuid, parent] of parents) {
      found.push(...misnamed(item, { root, uuid, parent }, near));
    }
    return [...found, ...brokenShape(item, root, parents)];
  },
};

interface Member {
  readonly root: Uuid;
  readonly uuid: Uuid;
  readonly parent: Uuid | undefined;
}

function misnamed(item: Item, { root, uuid, parent }: Member, near: Near): Finding[] {
  const key = profileKey(uuid);
  const stored = near.get(key);
  if (stored === undefined) {
    return [finding("tree-names", `tree ${root} names ${uuid}, which is absent`, item, key)];
  }
  const profile = profileOf(stored);
  if (profile.root !== root) {
    const what = `tree ${root} names ${uuid}, whose root is ${profile.root}`;
    return [finding("tree-names", what, item, key)];
  }
  if (profile.parent === parent) return [];
  const what = `tree ${root} has ${uuid} under ${parent}, its profile says ${profile.parent}`;
  return [finding("tree-names", what, item, key)];
}

function brokenShape(item: Item, root: Uuid, parents: Parents): Finding[] {
  return [...parents.keys()].flatMap((uuid) => {
    let top: Uuid | undefined = uuid;
    for (let step = 0; step <= parents.size; step += 1) {
      if (top === undefined || !parents.has(top)) {
        const what = `provider ${uuid} of tree ${root} leads out of it, to ${top}`;
        return [finding("tree-shape", what, item)];
      }
      if (top === root && parents.get(top) === undefined) return [];
      top = parents.get(top);
    }
    return [finding("tree-shape", `provider ${uuid} of tree ${root} is in a cycle`, item)];
  });
}
