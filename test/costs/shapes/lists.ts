/** Lists, candidates, and what is summed up. */
import { claimBody } from "../../support/world.ts";
import { AIM, get, inGroup, post, remove } from "../shape.ts";
import { aggregate, HOSTS, host, TRAIT, type World } from "../world.ts";

const list = (query: string) => async (world: World) => {
  // The function has answered such a request before.
  await world.request("GET", `/resource_providers${query}`);
  return get(`/resource_providers${query}`);
};

const some = Array.from({ length: 10 }, (_, index) => host(index));

const INCLUDED = "inventories,usages,traits,aggregates,allocations";
const RESOURCES = "resources=VCPU:2,MEMORY_MB:4096,DISK_GB:20";
const candidates = (query: string) => async () =>
  get(`/allocation_candidates?${RESOURCES}${query}`);

/** Ten consumers on one provider, of one project. */
async function ten(world: World): Promise<string> {
  const provider = await world.provider({ VCPU: 100 });
  for (let index = 0; index < 10; index += 1) await world.claimed({ [provider]: { VCPU: 1 } });
  return provider;
}

const warmGet = async (world: World, path: string) => {
  await world.request("GET", path);
  return get(path);
};

export const lists = inGroup(`Lists and candidates, ${HOSTS} hosts of 40 traits`, [
  { name: "all providers", aim: AIM.list, prepare: list("") },
  {
    name: "all providers, after ten of them changed",
    prepare: async (world) => {
      await world.warm();
      for (let index = 0; index < 10; index += 1)
        await world.claimed({ [host(index)]: { VCPU: 1 } });
      return { ...get("/resource_providers"), stale: true };
    },
  },
  { name: "`member_of`", aim: AIM.list, prepare: list(`?member_of=${aggregate(1)}`) },
  { name: "`required`", aim: AIM.list, prepare: list(`?required=${TRAIT}`) },
  { name: "`resources`", aim: AIM.list, prepare: list("?resources=VCPU:2") },
  { name: "`uuid`", aim: AIM.list, prepare: list(`?uuid=${host(1)}`) },
  {
    name: "`name`",
    aim: AIM.list,
    prepare: async (world) => {
      const provider = await world.provider();
      return warmGet(world, `/resource_providers?name=provider-${provider}`);
    },
  },
  {
    name: "`in_tree`, a tree of two",
    aim: AIM.list,
    prepare: async (world) => {
      const root = await world.provider();
      await world.provider({}, root);
      return warmGet(world, `/resource_providers?in_tree=${root}`);
    },
  },
  { name: "candidates, `limit=1`", aim: AIM.list, prepare: candidates("&limit=1") },
  { name: "candidates, `limit=100`", aim: AIM.list, prepare: candidates("&limit=100") },
  {
    name: "all providers in pages: the first of ten",
    aim: AIM.list,
    prepare: list("?limit=10"),
  },
  {
    name: "ten providers by `uuid=in:`, all included",
    aim: AIM.list,
    prepare: list(`?uuid=in:${some.join()}&include=${INCLUDED}`),
  },
  {
    name: "metrics of all providers",
    aim: AIM.list,
    prepare: async (world) => warmGet(world, "/metrics"),
  },
  {
    name: "metrics, with allocations: one provider that ten consumers hold",
    prepare: async (world) => {
      await ten(world);
      return warmGet(world, "/metrics?allocations=true");
    },
  },
  {
    name: "the state of the service",
    prepare: async (world) => warmGet(world, "/status"),
  },
  {
    name: "candidates by POST",
    aim: AIM.list,
    prepare: async () => post("/allocation_candidates", { query: `${RESOURCES}&limit=1` }),
  },
  {
    name: "candidates, a required trait and an aggregate",
    aim: AIM.list,
    prepare: candidates(`&required=${TRAIT}&member_of=${aggregate(1)}&limit=100`),
  },
]);

export const usages = inGroup("Use and allocations", [
  {
    name: "use of a provider",
    aim: AIM.read,
    prepare: async () => get(`/resource_providers/${host(1)}/usages`),
  },
  {
    name: "allocations of a provider with ten consumers",
    aim: AIM.list,
    prepare: async (world) => warmGet(world, `/resource_providers/${await ten(world)}/allocations`),
  },
  {
    name: "allocations of ten consumers by `consumer_uuid=in:`",
    aim: AIM.readWithGenerations,
    prepare: async (world) => {
      const held: string[] = [];
      for (const uuid of some) held.push(await world.claimed({ [uuid]: { VCPU: 1 } }));
      return warmGet(world, `/allocations?consumer_uuid=in:${held.join()}`);
    },
  },
  {
    name: "use of a project with ten consumers",
    aim: AIM.list,
    prepare: async (world) => {
      await ten(world);
      return warmGet(world, "/usages?project_id=project");
    },
  },
  {
    name: "use of a project with 600 consumers, read in full",
    aim: AIM.list,
    prepare: async (world) => {
      await sixHundred(world, "full");
      return get("/usages?project_id=full");
    },
  },
  {
    name: "use of a project with 600 consumers, of which nothing changed",
    aim: AIM.list,
    prepare: async (world) => {
      await sixHundred(world, "kept");
      return asked(world, "/usages?project_id=kept", 2);
    },
  },
  {
    name: "use of a project with 600 consumers, after a claim on a host of ten",
    prepare: async (world) => {
      await sixHundred(world, "changed");
      const provider = await ten(world);
      const path = "/usages?project_id=changed";
      // Each request finds a change, until the function knows on which providers consumers are.
      for (let index = 0; index < 12; index += 1) {
        await world.claimed({ [await world.provider({ VCPU: 1 })]: { VCPU: 1 } });
        await world.request("GET", path);
      }
      await world.claimed({ [provider]: { VCPU: 1 } });
      return get(path);
    },
  },
]);

const asked = async (world: World, path: string, times: number) => {
  for (let time = 0; time < times; time += 1) await world.request("GET", path);
  return get(path);
};

/** Of one project, on all hosts. */
async function sixHundred(world: World, project: string): Promise<void> {
  for (let from = 0; from < 600; from += 24) {
    const bodies = Array.from({ length: 24 }, (_, n) => {
      const held = { [host((from + n) % HOSTS)]: { VCPU: 1, MEMORY_MB: 512, DISK_GB: 1 } };
      return [world.uuid(), { ...claimBody(held, null), project_id: project }];
    });
    const body = Object.fromEntries(bodies);
    await world.request("POST", "/allocations", { body });
  }
}

const created = (kind: "resource_classes" | "traits") => ({
  name: `create a custom ${kind === "traits" ? "trait" : "class"}`,
  prepare: async (world: World) => ({
    ...get(`/${kind}/CUSTOM_${world.uuid().replaceAll("-", "_").toUpperCase()}`),
    method: "PUT",
    status: 201,
  }),
});

const shown = (kind: "resource_classes" | "traits", name: string) => ({
  name: `show a standard ${kind === "traits" ? "trait" : "class"}`,
  aim: 0,
  prepare: async () => ({
    ...get(`/${kind}/${name}`),
    status: kind === "traits" ? 204 : 200,
  }),
});

const listed = (kind: "resource_classes" | "traits") => ({
  name: `list ${kind === "traits" ? "traits" : "classes"}`,
  aim: AIM.list,
  prepare: async (world: World) => warmGet(world, `/${kind}`),
});

const deleted = (kind: "resource_classes" | "traits") => ({
  name: `delete a custom ${kind === "traits" ? "trait" : "class"}`,
  prepare: async (world: World) => remove(`/${kind}/${await world.custom(kind)}`),
});

export const names = inGroup("Resource classes and traits", [
  listed("resource_classes"),
  shown("resource_classes", "VCPU"),
  created("resource_classes"),
  deleted("resource_classes"),
  listed("traits"),
  shown("traits", "HW_CPU_X86_AVX2"),
  created("traits"),
  deleted("traits"),
]);
