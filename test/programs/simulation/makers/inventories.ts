import {
  applyAdd,
  applyRemove,
  applyRemoveAll,
  applyReplace,
  applyUpdate,
} from "../operations/inventories.ts";
import { applyReshape, type NewInventories, reshapeBody } from "../operations/reshape.ts";
import type { Inventory } from "../world.ts";
import {
  CUSTOM,
  claimOf,
  inventory,
  type Maker,
  path,
  providerGeneration,
  type Scene,
  STANDARD,
  someOf,
  write,
} from "./scene.ts";

function someInventories(scene: Scene, provider: string): Record<string, Inventory> {
  const { random, world } = scene;
  const kept = { ...world.providers.get(provider)?.inventories };
  if (random.below(3) === 0) delete kept[random.pick(Object.keys(kept).concat("none"))];
  const names = [...STANDARD, ...CUSTOM];
  for (const name of someOf(random, names, 1 + random.below(2))) {
    kept[name] = inventory(scene, STANDARD.includes(name));
  }
  return kept;
}

export const replaceInventories: Maker = (scene) => {
  const uuid = scene.random.pick(scene.cast.providers);
  const generation = providerGeneration(scene, uuid);
  const inventories = someInventories(scene, uuid);
  const body = { resource_provider_generation: generation, inventories };
  const request = { method: "PUT", path: path(uuid, "/inventories"), body } as const;
  return write("replace inventories", request, (world) =>
    applyReplace(world, uuid, generation, inventories),
  );
};

export const changeInventory: Maker = (scene) => {
  const { random, cast } = scene;
  const uuid = random.pick(cast.providers);
  const name = random.pick([...STANDARD, ...CUSTOM]);
  const given = inventory(scene, true);
  if (random.below(2) === 0) {
    const body = { resource_class: name, ...given };
    const request = { method: "POST", path: path(uuid, "/inventories"), body } as const;
    return write("add inventory", request, (world) => applyAdd(world, uuid, name, given));
  }
  const generation = providerGeneration(scene, uuid);
  const body = { resource_provider_generation: generation, ...given };
  const request = { method: "PUT", path: path(uuid, `/inventories/${name}`), body } as const;
  return write("update inventory", request, (world) =>
    applyUpdate(world, uuid, generation, { name, inventory: given }),
  );
};

export const removeInventory: Maker = ({ random, cast }) => {
  const uuid = random.pick(cast.providers);
  if (random.below(4) === 0) {
    const request = { method: "DELETE", path: path(uuid, "/inventories") } as const;
    return write("delete inventories", request, (world) => applyRemoveAll(world, uuid));
  }
  const name = random.pick([...STANDARD, ...CUSTOM]);
  const request = { method: "DELETE", path: path(uuid, `/inventories/${name}`) } as const;
  return write("delete inventory", request, (world) => applyRemove(world, uuid, name));
};

/** Inventories of one or two providers change, and their consumers move along; sometimes all of the crowd. */
export const reshape: Maker = (scene) => {
  const { random, cast, world } = scene;
  const providers = someOf(random, cast.providers, 1 + random.below(2));
  const inventories: NewInventories[] = providers.map((provider) => ({
    provider,
    generation: providerGeneration(scene, provider),
    inventories: someInventories(scene, provider),
  }));
  const target = inventories.at(-1);
  const [name = "VCPU"] = Object.keys(target?.inventories ?? {});
  const movers = random.below(3) === 0 ? cast.crowd : someOf(random, cast.consumers, 2);
  const given = movers.map((consumer) => ({
    ...claimOf(scene, consumer, { [target?.provider ?? ""]: { [name]: 1 + random.below(2) } }),
    generation: world.consumers.get(consumer)?.generation ?? null,
  }));
  const parts = { inventories, claims: given };
  const large = movers === cast.crowd ? "reshape with the crowd" : "reshape";
  const request = { method: "POST", path: "/reshaper", body: reshapeBody(parts) } as const;
  return write(large, request, (now) => applyReshape(now, parts));
};
