/** Providers and what is set on one. */
import { AIM, type Asked, get, inGroup, post, put, remove } from "../shape.ts";
import { aggregate, host, type World } from "../world.ts";

const path = (uuid: string, more = "") => `/resource_providers/${uuid}${more}`;
const INVENTORIES = { VCPU: 64, MEMORY_MB: 262_144, DISK_GB: 2_000 };
const TRAITS = ["HW_CPU_X86_AVX2", "COMPUTE_TRUSTED_CERTS"];

const at = (more: string, body: (generation: number) => unknown) => async (world: World) =>
  put(path(await world.provider(INVENTORIES), more), body(1));

const records = {
  VCPU: { total: 128 },
  MEMORY_MB: { total: 524_288 },
  DISK_GB: { total: 4_000 },
};

async function withTraits(world: World): Promise<string> {
  const provider = await world.provider();
  const body = { resource_provider_generation: 0, traits: TRAITS };
  await world.request("PUT", path(provider, "/traits"), { body });
  return provider;
}

const named = (world: World) => ({ name: `host-${world.uuid()}`, uuid: world.uuid() });

export const providers = inGroup("Providers", [
  {
    name: "create a root",
    aim: AIM.write,
    prepare: async (world) => post("/resource_providers", named(world)),
  },
  {
    name: "create a child",
    aim: AIM.write,
    prepare: async (world) => {
      const parent_provider_uuid = await world.provider();
      return post("/resource_providers", { ...named(world), parent_provider_uuid });
    },
  },
  {
    name: "rename",
    aim: AIM.write,
    prepare: async (world) => put(path(await world.provider()), { name: named(world).name }),
  },
  {
    name: "move to another parent",
    aim: AIM.write,
    prepare: async (world) => {
      const [from, to] = [await world.provider(), await world.provider()];
      const child = await world.provider({}, from);
      return put(path(child), { name: named(world).name, parent_provider_uuid: to });
    },
  },
  {
    name: "delete",
    aim: AIM.write,
    prepare: async (world) => remove(path(await world.provider())),
  },
  {
    name: "delete a tree of four, `subtree=true`",
    aim: AIM.write,
    prepare: async (world) => {
      const root = await world.provider();
      for (let made = 0; made < 3; made += 1) await world.provider({}, root);
      return remove(path(root, "?subtree=true"));
    },
  },
  { name: "show", aim: AIM.read, prepare: async () => get(path(host(1))) },
]);

export const settings = inGroup("Inventories, traits and aggregates of a provider", [
  {
    name: "create an inventory",
    aim: AIM.write,
    prepare: async (world) =>
      post(path(await world.provider(), "/inventories"), { resource_class: "VCPU", total: 8 }, 201),
  },
  {
    name: "replace all inventories",
    aim: AIM.write,
    prepare: at("/inventories", (resource_provider_generation) => ({
      resource_provider_generation,
      inventories: records,
    })),
  },
  {
    name: "replace one inventory",
    aim: AIM.write,
    prepare: at("/inventories/VCPU", (resource_provider_generation) => ({
      resource_provider_generation,
      total: 128,
    })),
  },
  {
    name: "delete one inventory",
    aim: AIM.write,
    prepare: async (world) => remove(path(await world.provider(INVENTORIES), "/inventories/VCPU")),
  },
  {
    name: "delete all inventories",
    aim: AIM.write,
    prepare: async (world) => remove(path(await world.provider(INVENTORIES), "/inventories")),
  },
  {
    name: "show all inventories",
    aim: AIM.read,
    prepare: async () => get(path(host(1), "/inventories")),
  },
  {
    name: "show one inventory",
    aim: AIM.read,
    prepare: async () => get(path(host(1), "/inventories/VCPU")),
  },
  {
    name: "replace traits",
    aim: AIM.write,
    prepare: at("/traits", (resource_provider_generation) => ({
      resource_provider_generation,
      traits: TRAITS,
    })),
  },
  {
    name: "replace traits, one of them custom",
    prepare: async (world): Promise<Asked> => {
      const traits = [...TRAITS, await world.custom("traits")];
      const body = { resource_provider_generation: 0, traits };
      return put(path(await world.provider(), "/traits"), body);
    },
  },
  {
    name: "delete all traits",
    aim: AIM.write,
    prepare: async (world) => remove(path(await withTraits(world), "/traits")),
  },
  { name: "show traits", aim: AIM.read, prepare: async () => get(path(host(1), "/traits")) },
  {
    name: "replace aggregates",
    aim: AIM.write,
    prepare: at("/aggregates", (resource_provider_generation) => ({
      resource_provider_generation,
      aggregates: [aggregate(0), aggregate(1)],
    })),
  },
  {
    name: "show aggregates",
    aim: AIM.read,
    prepare: async () => get(path(host(1), "/aggregates")),
  },
]);
