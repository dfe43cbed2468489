/** Writes a world through the API. */
import { crowd } from "../../../support/crowd.ts";
import type { Load } from "./load.ts";
import {
  CLAIMED,
  CUSTOM_TRAITS,
  claimBody,
  HOST_INVENTORIES,
  inventory,
  MOVED_CLASS,
  OWNER,
  POOL_CLASS,
  PROJECT,
  type World,
} from "./world.ts";

const WIDTH = 4;

type Inventories = Readonly<Record<string, unknown>>;

interface Made {
  readonly uuid: string;
  readonly name?: string;
  readonly parent?: string;
  readonly inventories?: Inventories;
  readonly traits?: readonly string[];
  readonly aggregates?: readonly string[];
}

/** @throws Error if the side refuses something */
export async function seedWorld(load: Load, world: World): Promise<void> {
  for (const name of CUSTOM_TRAITS) {
    await load.expect({ method: "PUT", path: `/traits/${name}`, expected: 201 });
  }
  const { hosts, trees, movable, spare, pool, consumers } = world;
  const bandwidth = { [POOL_CLASS]: inventory(2_147_483_647) };
  await make(load, { uuid: pool, name: "pool.bench.example.org", inventories: bandwidth });
  await each(hosts, ({ uuid, name, rack, zone, traits }) =>
    make(load, { uuid, name, traits, aggregates: [rack, zone], inventories: HOST_INVENTORIES }),
  );
  await each(trees, async ({ root, nodes }) => {
    await make(load, { uuid: root, inventories: { DISK_GB: inventory(2_000) } });
    const inventories = { VCPU: inventory(32), MEMORY_MB: inventory(131_072) };
    for (const uuid of nodes) {
      await make(load, { uuid, parent: root, inventories, traits: ["HW_NUMA_ROOT"] });
    }
  });
  await each(spare, (uuid) => make(load, { uuid, inventories: HOST_INVENTORIES }));
  await each(movable, async ({ root, child, consumer }) => {
    await make(load, { uuid: root, inventories: { [MOVED_CLASS]: inventory(8) } });
    await make(load, { uuid: child, parent: root });
    await claim(load, consumer, claimBody({ [root]: { [MOVED_CLASS]: 1 } }, null));
  });
  await each(consumers, ({ uuid, host }) =>
    claim(load, uuid, claimBody({ [host]: CLAIMED }, null, { ...OWNER, project_id: PROJECT })),
  );
}

async function each<T>(all: readonly T[], act: (one: T) => Promise<void>): Promise<void> {
  // The first alone: projects, users and types of consumers are not made by several at once.
  const [first, ...others] = all;
  if (first !== undefined) await act(first);
  await crowd({ width: WIDTH, count: others.length }, (index) => act(others[index] as T));
}

/** @throws Error if there are providers already */
export async function requireEmpty(load: Load): Promise<void> {
  const list = { method: "GET", path: "/resource_providers", expected: 200 } as const;
  const { text } = await load.expect(list);
  if (text !== "" && JSON.parse(text).resource_providers?.length === 0) return;
  throw new Error(`${load.url} has providers: start it with an empty database`);
}

async function make(load: Load, made: Made): Promise<void> {
  const { uuid, name = uuid, parent, inventories, traits, aggregates } = made;
  const child = parent === undefined ? {} : { parent_provider_uuid: parent };
  const body = { uuid, name, ...child };
  await load.expect({ method: "POST", path: "/resource_providers", body, expected: 200 });
  let generation = 0;
  const put = async (what: string, value: object) => {
    await load.expect({
      method: "PUT",
      path: `/resource_providers/${uuid}/${what}`,
      body: { resource_provider_generation: generation, ...value },
      expected: 200,
    });
    generation += 1;
  };
  if (inventories !== undefined) await put("inventories", { inventories });
  if (traits !== undefined) await put("traits", { traits });
  if (aggregates !== undefined) await put("aggregates", { aggregates });
}

async function claim(load: Load, consumer: string, body: object): Promise<void> {
  await load.expect({ method: "PUT", path: `/allocations/${consumer}`, body, expected: 204 });
}
