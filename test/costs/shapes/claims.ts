/** Claims, moves and releases. */
import { claimBody, OWNER } from "../../support/world.ts";
import { AIM, type Asked, get, inGroup, post, put, remove } from "../shape.ts";
import { host, type World } from "../world.ts";

const AMOUNTS = { VCPU: 2, MEMORY_MB: 4_096, DISK_GB: 20 };
const path = (consumer: string) => `/allocations/${consumer}`;
const hosts = (...numbers: readonly number[]) =>
  Object.fromEntries(numbers.map((number) => [host(number), AMOUNTS]));

const claimOf = (world: World, ...numbers: readonly number[]): Asked =>
  put(path(world.uuid()), claimBody(hosts(...numbers), null), 204);

const keyed = (world: World, asked: Asked): Asked => ({
  ...asked,
  headers: { "idempotency-key": world.uuid() },
});

const leased = (asked: Asked): Asked => ({ ...asked, headers: { "placement-lease": "300" } });

/** The path of the lease of a new consumer, which ends in 300 seconds. */
async function withLease(world: World): Promise<string> {
  const asked = leased(claimOf(world, 1));
  await world.request(asked.method, asked.path, asked);
  return asked.path.replace("allocations", "consumers").concat("/lease");
}

async function manage(world: World, count: number, known: boolean): Promise<Asked> {
  const consumers: string[] = [];
  for (let index = 0; index < count; index += 1) {
    consumers.push(known ? await world.claimed(hosts(index)) : world.uuid());
  }
  const bodies = consumers.map((consumer, index) => [
    consumer,
    claimBody(hosts(known ? count + index : index), known ? 1 : null),
  ]);
  return post("/allocations", Object.fromEntries(bodies), 204);
}

export const claims = inGroup("Claims", [
  { name: "new consumer, one provider", aim: AIM.newClaim, prepare: async (w) => claimOf(w, 1) },
  {
    name: "new consumer, two providers",
    aim: AIM.newClaim,
    prepare: async (w) => claimOf(w, 1, 2),
  },
  {
    name: "new consumer, a custom class",
    prepare: async (world) => {
      const name = await world.custom("resource_classes");
      const provider = await world.provider({ [name]: 10 });
      return put(path(world.uuid()), claimBody({ [provider]: { [name]: 1 } }, null), 204);
    },
  },
  {
    name: "new consumer, with an `Idempotency-Key`",
    aim: AIM.write,
    prepare: async (world) => keyed(world, claimOf(world, 1)),
  },
  {
    name: "the same, repeated under its key",
    aim: AIM.write,
    prepare: async (world) => {
      const asked = keyed(world, claimOf(world, 1));
      await world.request(asked.method, asked.path, asked);
      return asked;
    },
  },
  {
    name: "existing consumer, other amounts",
    aim: AIM.write,
    prepare: async (world) => {
      const consumer = await world.claimed(hosts(1));
      return put(path(consumer), claimBody({ [host(1)]: { VCPU: 1 } }, 1), 204);
    },
  },
  {
    name: "existing consumer, moved to another provider",
    aim: AIM.write,
    prepare: async (world) => put(path(await world.claimed(hosts(1))), claimBody(hosts(2), 1), 204),
  },
  {
    name: "refused: not enough is free",
    aim: AIM.newClaim,
    prepare: async (world) =>
      put(path(world.uuid()), claimBody({ [host(1)]: { VCPU: 64 } }, null), 409),
  },
  {
    name: "two new consumers at once",
    aim: AIM.write,
    prepare: (world) => manage(world, 2, false),
  },
  {
    name: "two existing consumers moved at once",
    aim: AIM.write,
    prepare: (world) => manage(world, 2, true),
  },
  {
    name: "release",
    aim: AIM.write,
    prepare: async (world) => remove(path(await world.claimed(hosts(1)))),
  },
  {
    name: "release, with an `Idempotency-Key`",
    prepare: async (world) => keyed(world, remove(path(await world.claimed(hosts(1))))),
  },
  {
    name: "reshape: an inventory and a consumer move to a child",
    aim: AIM.write,
    prepare: async (world) => {
      const root = await world.provider({ VCPU: 10 });
      const child = await world.provider({}, root);
      const consumer = await world.claimed({ [root]: { VCPU: 1 } });
      const moved = { VCPU: { total: 10 } };
      const inventories = {
        [root]: { resource_provider_generation: 2, inventories: {} },
        [child]: { resource_provider_generation: 0, inventories: moved },
      };
      const allocations = { [consumer]: claimBody({ [child]: { VCPU: 1 } }, 1) };
      return { ...post("/reshaper", { inventories, allocations }, 204), roles: "service" };
    },
  },
  {
    name: "show",
    aim: AIM.readWithGenerations,
    prepare: async (world) => get(path(await world.claimed(hosts(1)))),
  },
  {
    name: "show, of a consumer that holds nothing",
    aim: AIM.read,
    prepare: async (world) => get(path(world.uuid())),
  },
  {
    name: "new consumer, with a lease",
    aim: AIM.newClaim,
    prepare: async (world) => leased(claimOf(world, 1)),
  },
]);

const byQuery = (world: World, count: number, query: string, status = 201): Asked => ({
  ...post("/claims", {
    consumers: Array.from({ length: count }, () => ({ uuid: world.uuid(), ...OWNER })),
    alternatives: [{ query }],
  }),
  status,
});

/** Our extension. */
export const claimsByQuery = inGroup("Claims by query", [
  {
    name: "new consumer, a query that 100 hosts satisfy",
    aim: AIM.write,
    prepare: async (world) => byQuery(world, 1, "resources=VCPU:2,MEMORY_MB:4096,DISK_GB:20"),
  },
  {
    name: "the same, with an `Idempotency-Key`",
    prepare: async (world) =>
      keyed(world, byQuery(world, 1, "resources=VCPU:2,MEMORY_MB:4096,DISK_GB:20")),
  },
  {
    name: "four new consumers at once",
    aim: AIM.write,
    prepare: async (world) => byQuery(world, 4, "resources=VCPU:2,MEMORY_MB:4096,DISK_GB:20"),
  },
  {
    name: "an idle consumer",
    aim: AIM.write,
    prepare: async (world) => {
      const uuid = world.uuid();
      await world.request("POST", "/consumers", { body: { uuid, ...OWNER } });
      const consumers = [{ uuid, ...OWNER, consumer_generation: 0 }];
      const alternatives = [{ query: "resources=VCPU:2" }];
      return post("/claims", { consumers, alternatives }, 201);
    },
  },
  {
    name: "refused: no host has as much",
    aim: AIM.readWithGenerations,
    prepare: async (world) => byQuery(world, 1, "resources=VCPU:65", 409),
  },
]);

/** Our extension. */
export const consumers = inGroup("Consumers", [
  {
    name: "create",
    aim: AIM.write,
    prepare: async () => post("/consumers", OWNER, 201),
  },
  {
    name: "show",
    aim: AIM.readWithGenerations,
    prepare: async (world) => get(`/consumers/${await world.claimed(hosts(1))}`),
  },
  {
    name: "list, of a project with ten",
    aim: AIM.list,
    prepare: async (world) => {
      for (let index = 0; index < 10; index += 1) await world.claimed(hosts(index));
      await world.request("GET", "/consumers?project_id=project");
      return get("/consumers?project_id=project");
    },
  },
  {
    name: "raise the generation",
    aim: AIM.write,
    prepare: async (world) => {
      const consumer = await world.claimed(hosts(1));
      return post(`/consumers/${consumer}/generation`, { consumer_generation: 1 });
    },
  },
  {
    name: "change whose a consumer is that holds something",
    aim: AIM.write,
    prepare: async (world) => {
      const consumer = await world.claimed(hosts(1));
      const owner = { project_id: "other", user_id: "other" };
      return put(`/consumers/${consumer}`, { ...owner, consumer_generation: 1 });
    },
  },
  {
    name: "delete",
    aim: AIM.write,
    prepare: async ({ request }) => {
      const { body } = await request("POST", "/consumers", { body: OWNER });
      return remove(`/consumers/${body.uuid}?generation=${body.consumer_generation}`);
    },
  },
  {
    name: "renew a lease",
    aim: AIM.write,
    prepare: async (world) => put(await withLease(world), { seconds: 600 }),
  },
  {
    name: "renew a lease, to end earlier",
    aim: AIM.write,
    prepare: async (world) => put(await withLease(world), { seconds: 10 }),
  },
  {
    name: "confirm a lease",
    aim: AIM.write,
    prepare: async (world) => remove(await withLease(world)),
  },
  {
    name: "show the history, of ten changes",
    aim: AIM.readWithGenerations,
    prepare: async (world) => {
      const consumer = await world.claimed(hosts(1));
      for (let generation = 1; generation < 10; generation += 1) {
        const body = { consumer_generation: generation };
        await world.request("POST", `/consumers/${consumer}/generation`, { body });
      }
      return get(`/consumers/${consumer}/history`);
    },
  },
  {
    name: "list those of a provider with ten",
    aim: AIM.readWithGenerations,
    prepare: async (world) => get(`/consumers?provider=${await crowded(world, 10)}`),
  },
  {
    name: "empty a provider of one",
    aim: AIM.write,
    prepare: async (world) => emptied(await crowded(world, 1)),
  },
  {
    name: "empty a provider of ten",
    aim: AIM.write,
    prepare: async (world) => emptied(await crowded(world, 10)),
  },
]);

async function crowded(world: World, count: number): Promise<string> {
  const provider = await world.provider({ VCPU: 100 });
  for (let made = 0; made < count; made += 1) await world.claimed({ [provider]: { VCPU: 1 } });
  return provider;
}

function emptied(provider: string): Asked {
  return { ...remove(`/resource_providers/${provider}/allocations`), status: 200 };
}
