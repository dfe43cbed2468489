/** A tree's item and its providers' profiles tell one shape, without cycles. */
import type { Uuid } from "../../../lib/model/uuid.ts";
import type { Tree } from "../../../lib/store/provider-items.ts";
import type { Stored } from "./stored.ts";

export function brokenTrees({ trees, profiles }: Stored): string[] {
  const broken: string[] = [];
  for (const tree of trees.values()) {
    for (const [uuid, parent] of tree.parents) {
      const profile = profiles.get(uuid);
      if (profile === undefined) broken.push(`tree ${tree.root} names ${uuid}, which is absent`);
      else if (profile.root !== tree.root) {
        broken.push(`provider ${uuid} of tree ${tree.root} has root ${profile.root}`);
      } else if (profile.parent !== parent) {
        broken.push(`provider ${uuid} has parent ${profile.parent}, in its tree ${parent}`);
      }
    }
    broken.push(...brokenShape(tree));
  }
  for (const { uuid, root } of profiles.values()) {
    if (!trees.get(root)?.parents.has(uuid)) broken.push(`provider ${uuid} is not in tree ${root}`);
  }
  return broken;
}

function brokenShape({ root, parents }: Tree): string[] {
  return [...parents.keys()].flatMap((uuid) => {
    let top: Uuid | undefined = uuid;
    for (let step = 0; step <= parents.size; step += 1) {
      if (top === undefined || !parents.has(top)) {
        return [`provider ${uuid} leads out of its tree ${root}, to ${top}`];
      }
      if (top === root && parents.get(top) === undefined) return [];
      top = parents.get(top);
    }
    return [`provider ${uuid} of tree ${root} is in a cycle`];
  });
}
