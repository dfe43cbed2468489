/**
 * A source to import: trees of providers with consumers on them, made through the API of any
 * Placement, and a writer that goes on changing it.
 */
import { expect } from "vitest";
import type { RequestOptions } from "../support/api.ts";
import type { Chance } from "../support/chance.ts";
import { crowd } from "../support/crowd.ts";
import type { HttpAnswer } from "../support/http-client.ts";

export interface Source {
  request(method: string, path: string, options?: RequestOptions): Promise<HttpAnswer>;
}

/** Providers of each tree: a host, two NUMA nodes below it, and a device below each of these. */
const TREE = 5;

/** Consumers of one request. */
const BATCH = 8;

export interface World {
  /** By tree: the host, its nodes, their devices. */
  readonly trees: readonly (readonly string[])[];
  readonly consumers: string[];
}

export interface WorldOptions {
  readonly trees: number;
  readonly consumers: number;
  /** Requests at a time. */
  readonly width?: number;
}

export const providersIn = ({ trees }: Pick<World, "trees">) => trees.length * TREE;

async function done(answer: Promise<HttpAnswer>): Promise<HttpAnswer> {
  const { status, body } = await answer;
  expect([status, status < 300 ? "" : body]).toEqual([status, ""]);
  return answer;
}

export async function makeSource(
  source: Source,
  random: Chance,
  { trees, consumers, width = 4 }: WorldOptions,
): Promise<World> {
  for (const name of ["CUSTOM_GPU", "CUSTOM_UNUSED"]) {
    await done(source.request("PUT", `/resource_classes/${name}`));
  }
  for (const name of ["CUSTOM_FAST", "CUSTOM_IDLE"]) {
    await done(source.request("PUT", `/traits/${name}`));
  }
  const uuids = Array.from({ length: trees }, () =>
    Array.from({ length: TREE }, () => random.uuid() as string),
  );
  const aggregates = [random.uuid(), random.uuid()];
  await crowd({ width, count: trees }, (tree) =>
    makeTree(source, uuids[tree] ?? [], { tree, aggregates }),
  );
  const world: World = { trees: uuids, consumers: [] };
  const made = Array.from({ length: consumers }, () => random.uuid() as string);
  const claims = made.map((uuid, index) => [uuid, claimBody(world, random, index % trees, null)]);
  await crowd({ width, count: Math.ceil(consumers / BATCH) }, async (batch) => {
    const body = Object.fromEntries(claims.slice(batch * BATCH, (batch + 1) * BATCH));
    await done(source.request("POST", "/allocations", { body }));
  });
  world.consumers.push(...made);
  return world;
}

async function makeTree(
  source: Source,
  uuids: readonly string[],
  { tree, aggregates }: { tree: number; aggregates: readonly string[] },
): Promise<void> {
  const [host, one, two] = uuids;
  const parents = [undefined, host, host, one, two];
  for (const [index, uuid] of uuids.entries()) {
    const parent = parents[index];
    const body = {
      ...{ name: `tree-${tree}-${index}`, uuid },
      ...(parent === undefined ? {} : { parent_provider_uuid: parent }),
    };
    await done(source.request("POST", "/resource_providers", { body }));
    const path = `/resource_providers/${uuid}`;
    const inventories = inventoriesAt(index);
    const generation = { resource_provider_generation: 0 };
    const inventoryBody = { ...generation, inventories };
    await done(source.request("PUT", `${path}/inventories`, { body: inventoryBody }));
    if (index === 0) {
      const traits = {
        resource_provider_generation: 1,
        traits: ["CUSTOM_FAST", "HW_CPU_X86_AVX2"],
      };
      await done(source.request("PUT", `${path}/traits`, { body: traits }));
      const member = { resource_provider_generation: 2, aggregates };
      await done(source.request("PUT", `${path}/aggregates`, { body: member }));
    }
  }
}

function inventoriesAt(index: number) {
  if (index === 0) return { DISK_GB: { total: 100_000, reserved: 5 } };
  if (index < 3) {
    return { VCPU: { total: 4_000, allocation_ratio: 1.5 }, MEMORY_MB: { total: 1_000_000 } };
  }
  return { CUSTOM_GPU: { total: 2_000, max_unit: 4 } };
}

/** A consumer of one tree: on its host, on a node, and some on a device. */
function claimBody(
  { trees }: Pick<World, "trees">,
  random: Chance,
  tree: number,
  generation: number | null,
) {
  const [host = "", one = "", two = "", gpu = ""] = trees[tree] ?? [];
  const node = random.pick([one, two]);
  return {
    allocations: {
      [host]: { resources: { DISK_GB: 1 + random.below(10) } },
      [node]: { resources: { VCPU: 1 + random.below(4), MEMORY_MB: 256 } },
      ...(random.below(3) === 0 ? { [gpu]: { resources: { CUSTOM_GPU: 1 } } } : {}),
    },
    consumer_generation: generation,
    project_id: `project-${random.below(5)}`,
    user_id: `user-${random.below(9)}`,
    consumer_type: random.pick(["INSTANCE", "MIGRATION"]),
  };
}

/** One random change by a client; what is refused meanwhile is no matter. */
export async function change(source: Source, world: World, random: Chance): Promise<void> {
  const tree = random.below(world.trees.length);
  const [host = "", one = ""] = world.trees[tree] ?? [];
  const consumer = random.pick(world.consumers);
  switch (random.below(6)) {
    case 0: {
      const body = claimBody(world, random, tree, null);
      const uuid = random.uuid();
      const { status } = await source.request("PUT", `/allocations/${uuid}`, { body });
      if (status === 204) world.consumers.push(uuid);
      return;
    }
    case 1: {
      const { body: shown } = await source.request("GET", `/allocations/${consumer}`);
      const body = claimBody(world, random, tree, shown.consumer_generation ?? null);
      await source.request("PUT", `/allocations/${consumer}`, { body });
      return;
    }
    case 2:
      await source.request("DELETE", `/allocations/${consumer}`);
      return;
    case 3: {
      const path = `/resource_providers/${one}/inventories`;
      const { body: shown } = await source.request("GET", path);
      const total = 4_000 + random.below(1_000);
      const inventories = { ...shown.inventories, VCPU: { total, allocation_ratio: 1.25 } };
      const body = { ...shown, inventories };
      await source.request("PUT", path, { body });
      return;
    }
    case 4: {
      // Below 1.19 it raises no generation.
      const body = [random.uuid()];
      const path = `/resource_providers/${host}/aggregates`;
      await source.request("PUT", path, { body, version: "1.18" });
      return;
    }
    default:
      await changeTree(source, world, random);
  }
}

/** A provider comes, is renamed, or goes. */
async function changeTree(source: Source, world: World, random: Chance): Promise<void> {
  const [host = ""] = random.pick(world.trees);
  const uuid = random.uuid();
  const name = `extra-${uuid}`;
  const body = { name, uuid, parent_provider_uuid: host };
  await source.request("POST", "/resource_providers", { body });
  const path = `/resource_providers/${uuid}`;
  if (random.below(2) === 0) {
    await source.request("PUT", path, { body: { name: `${name}-2`, parent_provider_uuid: host } });
  } else {
    await source.request("DELETE", path);
  }
}
