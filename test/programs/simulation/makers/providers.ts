import { applyEnsure, applyForget } from "../operations/names.ts";
import {
  applyAggregates,
  applyBirth,
  applyDeath,
  applyMove,
  applyTraits,
} from "../operations/providers.ts";
import {
  CUSTOM,
  type Maker,
  path,
  providerGeneration,
  type Scene,
  someOf,
  TRAITS,
  write,
} from "./scene.ts";

export const createProvider: Maker = (scene) => {
  const { random, cast, world } = scene;
  const missing = cast.providers.filter((uuid) => !world.providers.has(uuid));
  const uuid = random.pick(missing.length > 0 ? missing : cast.providers);
  const above = random.pick(cast.providers);
  const parent = random.below(3) > 0 && above !== uuid ? above : undefined;
  const name = nameOf(scene, uuid);
  const body = { uuid, name, ...(parent === undefined ? {} : { parent_provider_uuid: parent }) };
  return write("create provider", { method: "POST", path: "/resource_providers", body }, (world) =>
    applyBirth(world, { uuid, name, parent }),
  );
};

function nameOf({ random, cast }: Scene, uuid: string): string {
  if (random.below(5) === 0) return `name-${random.below(3)}`;
  return `provider-${cast.providers.indexOf(uuid)}`;
}

export const updateProvider: Maker = (scene) => {
  const { random, cast, world } = scene;
  const uuid = random.pick(cast.providers);
  const name =
    random.below(2) === 0 ? nameOf(scene, uuid) : (world.providers.get(uuid)?.name ?? "n");
  const parent = random.pick([undefined, null, random.pick(cast.providers)]);
  const body = { name, ...(parent === undefined ? {} : { parent_provider_uuid: parent }) };
  return write("update provider", { method: "PUT", path: path(uuid), body }, (now) =>
    applyMove(now, uuid, { name, parent }),
  );
};

export const deleteProvider: Maker = ({ random, cast }) => {
  const uuid = random.pick(cast.providers);
  return write("delete provider", { method: "DELETE", path: path(uuid) }, (world) =>
    applyDeath(world, uuid),
  );
};

export const changeTraits: Maker = (scene) => {
  const { random, cast } = scene;
  const uuid = random.pick(cast.providers);
  if (random.below(4) === 0) {
    const request = { method: "DELETE", path: path(uuid, "/traits") } as const;
    return write("delete traits", request, (world) => applyTraits(world, uuid, [], undefined));
  }
  const generation = providerGeneration(scene, uuid);
  const traits = someOf(random, TRAITS, random.below(4));
  const body = { resource_provider_generation: generation, traits };
  const request = { method: "PUT", path: path(uuid, "/traits"), body } as const;
  return write("replace traits", request, (world) => applyTraits(world, uuid, traits, generation));
};

export const changeAggregates: Maker = (scene) => {
  const { random, cast } = scene;
  const uuid = random.pick(cast.providers);
  const generation = providerGeneration(scene, uuid);
  const aggregates = someOf(random, cast.aggregates, random.below(3));
  const body = { resource_provider_generation: generation, aggregates };
  const request = { method: "PUT", path: path(uuid, "/aggregates"), body } as const;
  return write("replace aggregates", request, (world) =>
    applyAggregates(world, uuid, aggregates, generation),
  );
};

export const changeNames: Maker = ({ random }) => {
  const kind = random.pick(["classes", "traits"] as const);
  const name = random.pick(kind === "classes" ? CUSTOM : ["CUSTOM_X", "CUSTOM_Y"]);
  const target = kind === "classes" ? `/resource_classes/${name}` : `/traits/${name}`;
  if (random.below(3) === 0) {
    return write(`delete ${kind}`, { method: "DELETE", path: target }, (world) =>
      applyForget(world, kind, name),
    );
  }
  return write(`create ${kind}`, { method: "PUT", path: target }, (world) =>
    applyEnsure(world, kind, name),
  );
};
