/** What clients do: drawn from the seed, with what they may have read of the world before. */
import type { Chance } from "../support/chance.ts";
import type { Operation, WriteOperation } from "./operation.ts";
import { applyClaims, applyRelease, type Claim, claimBody } from "./operations/claims.ts";
import {
  applyAdd,
  applyRemove,
  applyRemoveAll,
  applyReplace,
  applyUpdate,
} from "./operations/inventories.ts";
import { applyEnsure, applyForget } from "./operations/names.ts";
import {
  applyAggregates,
  applyBirth,
  applyDeath,
  applyMove,
  applyTraits,
} from "./operations/providers.ts";
import * as reads from "./operations/reads.ts";
import { applyChange, applyCreate, applyDelete, ownerBody } from "./operations/records.ts";
import { applyReshape, type NewInventories, reshapeBody } from "./operations/reshape.ts";
import * as tasks from "./operations/tasks.ts";
import type { Held, Inventory, World } from "./world.ts";

/** Everything that there may be in one round. */
export interface Cast {
  readonly providers: readonly string[];
  readonly consumers: readonly string[];
  /** Changed together, more at once than one transaction holds. */
  readonly crowd: readonly string[];
  readonly aggregates: readonly string[];
}

export interface Scene {
  readonly random: Chance;
  readonly cast: Cast;
  /** What the client believes: it may have moved since. */
  readonly world: World;
}

type Maker = (scene: Scene) => Operation;

const STANDARD = ["VCPU", "MEMORY_MB", "DISK_GB"];
const CUSTOM = ["CUSTOM_A", "CUSTOM_B", "CUSTOM_C"];
const TRAITS = ["HW_CPU_X86_AVX", "STORAGE_DISK_SSD", "CUSTOM_X", "CUSTOM_Y"];
const PROJECTS = ["red", "green", "blue"];
const USERS = ["ann", "bob"];
const TYPES = ["INSTANCE", "MIGRATION"];

const write = (
  name: string,
  request: WriteOperation["request"],
  apply: WriteOperation["apply"],
): WriteOperation => ({ kind: "write", name, request, apply });

const path = (uuid: string, rest = "") => `/resource_providers/${uuid}${rest}`;

/** Mostly what is right as far as the client knows. */
function generationOf({ random, world }: Scene, consumer: string): number | null {
  const known = world.consumers.get(consumer)?.generation ?? null;
  return random.below(12) === 0 ? random.pick([null, 0, 1, 2]) : known;
}

function providerGeneration({ random, world }: Scene, provider: string): number {
  const known = world.providers.get(provider)?.generation ?? 0;
  return random.below(12) === 0 ? random.below(4) : known;
}

function inventory({ random }: Scene, large: boolean): Inventory {
  const total = large ? 400 : 2 + random.below(30);
  return {
    total,
    reserved: random.below(4) === 0 ? 1 : 0,
    min_unit: random.below(8) === 0 ? 2 : 1,
    max_unit: random.below(8) === 0 ? 3 : 2_147_483_647,
    step_size: random.below(8) === 0 ? 2 : 1,
    allocation_ratio: random.pick([1, 1, 1, 1.5, 0.5, 16]),
  };
}

/** Mostly amounts of what there is. */
function held(scene: Scene, count: number): Held {
  const { random, cast, world } = scene;
  const result: Record<string, Record<string, number>> = {};
  for (let index = 0; index < count; index += 1) {
    const provider = random.pick(cast.providers);
    const offered = Object.keys(world.providers.get(provider)?.inventories ?? {});
    const names = offered.length === 0 || random.below(15) === 0 ? STANDARD : offered;
    result[provider] = { [random.pick(names)]: 1 + random.below(5) };
    if (random.below(3) === 0) {
      result[provider] = { ...result[provider], [random.pick(names)]: 1 + random.below(3) };
    }
  }
  return result;
}

function claimOf(scene: Scene, consumer: string, allocations: Held): Claim {
  const { random } = scene;
  return {
    consumer,
    generation: generationOf(scene, consumer),
    project: random.pick(PROJECTS),
    user: random.pick(USERS),
    type: random.pick(TYPES),
    allocations,
  };
}

function claims(name: string, given: readonly Claim[]): WriteOperation {
  const body = Object.fromEntries(given.map((claim) => [claim.consumer, claimBody(claim)]));
  return write(name, { method: "POST", path: "/allocations", body }, (world) =>
    applyClaims(world, given),
  );
}

function someOf<T>(random: Chance, all: readonly T[], count: number): T[] {
  return [...new Set(Array.from({ length: count }, () => random.pick(all)))];
}

const replaceAllocations: Maker = (scene) => {
  const { random, cast } = scene;
  const consumer = random.pick(cast.consumers);
  const allocations = random.below(7) === 0 ? {} : held(scene, 1 + random.below(3));
  const claim = claimOf(scene, consumer, allocations);
  const request = {
    method: "PUT",
    path: `/allocations/${consumer}`,
    body: claimBody(claim),
  } as const;
  return write("replace allocations", request, (world) => applyClaims(world, [claim]));
};

/** Below 1.28 no generation is named. */
const replaceWithoutGeneration: Maker = (scene) => {
  const { random, cast } = scene;
  const consumer = random.pick(cast.consumers);
  const claim = {
    ...claimOf(scene, consumer, held(scene, 1 + random.below(2))),
    generation: undefined,
    type: undefined,
  };
  const request = {
    method: "PUT",
    path: `/allocations/${consumer}`,
    version: "1.12",
    body: claimBody(claim),
  } as const;
  return write("replace allocations (1.12)", request, (world) => applyClaims(world, [claim]));
};

const manageAllocations: Maker = (scene) => {
  const { random, cast } = scene;
  const wanted = someOf(random, cast.consumers, 1 + random.below(3));
  const given = wanted.map((consumer) =>
    claimOf(scene, consumer, random.below(4) === 0 ? {} : held(scene, 1 + random.below(2))),
  );
  return claims("manage allocations", given);
};

/** More items than one transaction holds. */
const manageCrowd: Maker = (scene) => {
  const { random, cast, world } = scene;
  const providers = someOf(random, cast.providers, 2).filter((uuid) => world.providers.has(uuid));
  const empty = random.below(3) === 0;
  const given = cast.crowd.map((consumer) => {
    const provider = random.pick(providers.length === 0 ? cast.providers : providers);
    const [name = "VCPU"] = Object.keys(world.providers.get(provider)?.inventories ?? {});
    return {
      ...claimOf(scene, consumer, empty ? {} : { [provider]: { [name]: 1 } }),
      generation: world.consumers.get(consumer)?.generation ?? null,
    };
  });
  return claims(empty ? "empty the crowd" : "move the crowd", given);
};

const releaseAllocations: Maker = ({ random, cast }) => {
  const consumer = random.pick(random.below(6) === 0 ? cast.crowd : cast.consumers);
  return write(
    "delete allocations",
    { method: "DELETE", path: `/allocations/${consumer}` },
    (world) => applyRelease(world, consumer),
  );
};

const createConsumer: Maker = ({ random, cast }) => {
  const uuid = random.pick(cast.consumers);
  const owner = { project: random.pick(PROJECTS), user: random.pick(USERS), type: undefined };
  const body = { uuid, ...ownerBody(owner) };
  return write("create consumer", { method: "POST", path: "/consumers", body }, (world) =>
    applyCreate(world, uuid, owner),
  );
};

const changeConsumer: Maker = (scene) => {
  const { random, cast } = scene;
  const uuid = random.pick(random.below(4) === 0 ? cast.crowd : cast.consumers);
  const generation = generationOf(scene, uuid) ?? 0;
  if (random.below(2) === 0) {
    const body = { consumer_generation: generation };
    const request = { method: "POST", path: `/consumers/${uuid}/generation`, body } as const;
    return write("raise generation", request, (world) => applyChange(world, uuid, generation));
  }
  const owner = {
    project: random.pick(PROJECTS),
    user: random.pick(USERS),
    type: random.pick([undefined, ...TYPES]),
  };
  const body = { ...ownerBody(owner), consumer_generation: generation };
  const request = { method: "PUT", path: `/consumers/${uuid}`, body } as const;
  return write("change consumer", request, (world) => applyChange(world, uuid, generation, owner));
};

const deleteConsumer: Maker = (scene) => {
  const uuid = scene.random.pick(scene.cast.consumers);
  const generation = generationOf(scene, uuid) ?? 0;
  const target = `/consumers/${uuid}?generation=${generation}`;
  return write("delete consumer", { method: "DELETE", path: target }, (world) =>
    applyDelete(world, uuid, generation),
  );
};

const createProvider: Maker = (scene) => {
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

const updateProvider: Maker = (scene) => {
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

const deleteProvider: Maker = ({ random, cast }) => {
  const uuid = random.pick(cast.providers);
  return write("delete provider", { method: "DELETE", path: path(uuid) }, (world) =>
    applyDeath(world, uuid),
  );
};

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

const replaceInventories: Maker = (scene) => {
  const uuid = scene.random.pick(scene.cast.providers);
  const generation = providerGeneration(scene, uuid);
  const inventories = someInventories(scene, uuid);
  const body = { resource_provider_generation: generation, inventories };
  const request = { method: "PUT", path: path(uuid, "/inventories"), body } as const;
  return write("replace inventories", request, (world) =>
    applyReplace(world, uuid, generation, inventories),
  );
};

const changeInventory: Maker = (scene) => {
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

const removeInventory: Maker = ({ random, cast }) => {
  const uuid = random.pick(cast.providers);
  if (random.below(4) === 0) {
    const request = { method: "DELETE", path: path(uuid, "/inventories") } as const;
    return write("delete inventories", request, (world) => applyRemoveAll(world, uuid));
  }
  const name = random.pick([...STANDARD, ...CUSTOM]);
  const request = { method: "DELETE", path: path(uuid, `/inventories/${name}`) } as const;
  return write("delete inventory", request, (world) => applyRemove(world, uuid, name));
};

const changeTraits: Maker = (scene) => {
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

const changeAggregates: Maker = (scene) => {
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

const changeNames: Maker = ({ random }) => {
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

/** Inventories of one or two providers change, and their consumers move along; sometimes all of the crowd. */
const reshape: Maker = (scene) => {
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

const readSomething: Maker = ({ random, cast }) => {
  const provider = random.pick(cast.providers);
  const consumer = random.pick(random.below(3) === 0 ? cast.crowd : cast.consumers);
  switch (random.below(10)) {
    case 0:
      return reads.readConsumerAllocations(consumer);
    case 1:
      return reads.readInventories(provider);
    case 2:
      return reads.readProviderUsages(provider);
    case 3:
      return reads.readProvider(provider);
    case 4:
      return reads.readTraits(provider);
    case 5:
      return reads.listProviders();
    case 6:
      return reads.listProviderAllocations(provider);
    case 7:
    case 8:
      return reads.findCandidates(random.pick(STANDARD));
    default:
      return reads.listConsumersOf(random.pick(PROJECTS));
  }
};

const maintain: Maker = ({ random }) => {
  switch (random.below(6)) {
    case 0:
      return tasks.deleteIdle();
    case 1:
      return tasks.rebuild();
    case 2:
      return tasks.verify(random.below(2) === 0);
    default:
      return tasks.sweep();
  }
};

/** Each with how often it is done, beside the others. */
const MAKERS: readonly (readonly [Maker, number])[] = [
  [replaceAllocations, 20],
  [replaceWithoutGeneration, 6],
  [manageAllocations, 10],
  [manageCrowd, 5],
  [releaseAllocations, 8],
  [createConsumer, 4],
  [changeConsumer, 6],
  [deleteConsumer, 3],
  [createProvider, 6],
  [updateProvider, 6],
  [deleteProvider, 3],
  [replaceInventories, 8],
  [changeInventory, 5],
  [removeInventory, 4],
  [changeTraits, 5],
  [changeAggregates, 3],
  [changeNames, 6],
  [reshape, 5],
  [readSomething, 22],
  [maintain, 3],
];

/** What the clients of one round do: not everything in every round, so that each is tried hard. */
export class Workload {
  readonly #choices: Maker[] = [];

  constructor(random: Chance) {
    for (const [maker, weight] of MAKERS) {
      const share = random.pick([0, 1, 1, 1, 3]);
      for (let index = 0; index < weight * share; index += 1) this.#choices.push(maker);
    }
    if (this.#choices.length === 0) this.#choices.push(replaceAllocations);
  }

  next(scene: Scene): Operation {
    return scene.random.pick(this.#choices)(scene);
  }
}

/** Something to begin with: providers that offer something. */
export function firstSteps(scene: Scene): Operation[] {
  const { cast } = scene;
  return cast.providers.flatMap((uuid, index) => {
    const name = `provider-${index}`;
    const above = index % 3 === 0 ? undefined : cast.providers[index - 1];
    const parent = above === undefined ? {} : { parent_provider_uuid: above };
    const inventories = { VCPU: { ...inventory(scene, true), max_unit: 1_000, step_size: 1 } };
    const replace = { resource_provider_generation: 0, inventories };
    return [
      write(
        "create provider",
        { method: "POST", path: "/resource_providers", body: { uuid, name, ...parent } },
        (world) => applyBirth(world, { uuid, name, parent: above }),
      ),
      write(
        "replace inventories",
        { method: "PUT", path: path(uuid, "/inventories"), body: replace },
        (world) => applyReplace(world, uuid, 0, inventories),
      ),
    ];
  });
}
