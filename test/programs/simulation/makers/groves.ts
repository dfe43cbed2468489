/** A tree of more providers than one transaction deletes, beside those of which everything else is made. */

import type { Operation } from "../operation.ts";
import { applyReplace } from "../operations/inventories.ts";
import { applyBirth } from "../operations/providers.ts";
import { inventory, type Maker, path, type Scene, write } from "./scene.ts";

/** In one round of three. */
export const GROVE = 46;

/** Makes the tree; some of its providers offer something. */
export function groveSteps(scene: Scene): Operation[] {
  const { grove } = scene.cast;
  return grove.flatMap((uuid, index) => {
    const name = `grove-${index}`;
    const parent = index === 0 ? undefined : grove[scene.random.below(index)];
    const body = { uuid, name, ...(parent === undefined ? {} : { parent_provider_uuid: parent }) };
    const birth = write(
      "create provider",
      { method: "POST", path: "/resource_providers", body },
      (world) => applyBirth(world, { uuid, name, parent }),
    );
    if (index % 5 !== 0) return [birth];
    const inventories = { VCPU: { ...inventory(scene, true), max_unit: 1_000, step_size: 1 } };
    const replace = { resource_provider_generation: 0, inventories };
    const request = { method: "PUT", path: path(uuid, "/inventories"), body: replace } as const;
    return [
      birth,
      write("replace inventories", request, (world) => applyReplace(world, uuid, 0, inventories)),
    ];
  });
}

/** Does with the tree's providers what is done with others; without a tree, with those. */
export function inGrove(make: Maker): Maker {
  return (scene) => {
    const { grove } = scene.cast;
    return grove.length === 0
      ? make(scene)
      : make({ ...scene, cast: { ...scene.cast, providers: grove } });
  };
}

/** Mostly the whole tree, or nearly. */
export function atRoots(make: Maker): Maker {
  return inGrove((scene) =>
    make({ ...scene, cast: { ...scene.cast, providers: scene.cast.providers.slice(0, 3) } }),
  );
}
