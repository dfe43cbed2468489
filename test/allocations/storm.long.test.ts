/** Thousands of random requests at once, by two servers: afterwards the books balance. */
import { expect, test } from "vitest";
import { type Chance, chance } from "../support/chance.ts";
import { crowd } from "../support/crowd.ts";
import { useServers } from "../support/frame.ts";
import type { HttpAnswer } from "../support/http-client.ts";
import { brokenInvariants } from "../support/invariants.ts";
import {
  claim,
  claimBody,
  detailOf,
  type Held,
  makeProvider,
  putInventories,
  type Requester,
  readClaim,
  readProvider,
  release,
} from "../support/world.ts";

const WIDTH = 24;
const servers = useServers(2);

interface World {
  readonly random: Chance;
  readonly providers: readonly string[];
  readonly consumers: readonly string[];
  /** What was answered, by action and status. */
  readonly seen: Map<string, number>;
}

async function makeWorld(): Promise<World> {
  const random = chance("storm of claims");
  const providers: string[] = [];
  for (let root = 0; root < 3; root += 1) {
    const top = await makeProvider(servers.first, { VCPU: 60, MEMORY_MB: { total: 6_000 } });
    const child = await makeProvider(servers.first, { DISK_GB: 80 }, { parent: top });
    providers.push(top, child, await makeProvider(servers.first, { VCPU: 30 }, { parent: child }));
  }
  const consumers = Array.from({ length: 60 }, () => random.uuid());
  return { random, providers, consumers, seen: new Map() };
}

const CLASSES = ["VCPU", "MEMORY_MB", "DISK_GB"];

/** One or two providers, each with amounts of classes that it may not even have. */
function someAmounts({ random, providers }: World): Held {
  const held: Record<string, Record<string, number>> = {};
  for (let count = 1 + random.below(2); count > 0; count -= 1) {
    const index = random.below(providers.length);
    const usual = index % 3 === 1 ? "DISK_GB" : "VCPU";
    const resources: Record<string, number> = { [usual]: 1 + random.below(9) };
    if (index % 3 === 0 && random.below(2) === 0) resources["MEMORY_MB"] = 1 + random.below(900);
    if (random.below(25) === 0) resources[random.pick(CLASSES)] = 1;
    held[providers[index] ?? ""] = resources;
  }
  return held;
}

const someGeneration = async (server: Requester, consumer: string) =>
  (await readClaim(server, consumer))?.generation ?? null;

type Action = (server: Requester, world: World) => Promise<HttpAnswer>;

const put: Action = async (server, world) => {
  const consumer = world.random.pick(world.consumers);
  const held = world.random.below(8) === 0 ? {} : someAmounts(world);
  return claim(server, consumer, held, await someGeneration(server, consumer));
};

const putWithoutGeneration: Action = async (server, world) => {
  const held = Object.entries(someAmounts(world));
  const allocations = Object.fromEntries(
    held.map(([provider, resources]) => [provider, { resources }]),
  );
  const body = { allocations, project_id: world.random.pick(["a", "b"]), user_id: "user" };
  const path = `/allocations/${world.random.pick(world.consumers)}`;
  return server.request("PUT", path, { version: "1.12", body });
};

const post: Action = async (server, world) => {
  const wanted = new Set(
    Array.from({ length: 1 + world.random.below(3) }, () => world.random.pick(world.consumers)),
  );
  const parts = [...wanted].map(async (consumer) => {
    const held = world.random.below(4) === 0 ? {} : someAmounts(world);
    return [consumer, claimBody(held, await someGeneration(server, consumer))] as const;
  });
  const body = Object.fromEntries(await Promise.all(parts));
  return server.request("POST", "/allocations", { body });
};

const empty: Action = (server, { random, consumers }) => release(server, random.pick(consumers));

const resize: Action = async (server, { random, providers }) => {
  const index = random.below(providers.length);
  const provider = providers[index] ?? "";
  const { generation } = await readProvider(server, provider);
  const total = 30 + random.below(60);
  const sizes = { VCPU: total, ...(index % 3 === 0 ? { MEMORY_MB: 100 * total } : {}) };
  return putInventories(
    server,
    provider,
    generation,
    index % 3 === 1 ? { DISK_GB: { total, reserved: 5, allocation_ratio: 1.5 } } : sizes,
  );
};

const makeRecord: Action = (server, { random, consumers }) => {
  const body = { uuid: random.pick(consumers), project_id: "a", user_id: "someone" };
  return server.request("POST", "/consumers", { body });
};

const changeRecord: Action = async (server, { random, consumers }) => {
  const consumer = random.pick(consumers);
  const generation = (await someGeneration(server, consumer)) ?? 0;
  const owner = { project_id: random.pick(["a", "b"]), user_id: "other" };
  const body = { ...owner, consumer_generation: generation };
  return server.request("PUT", `/consumers/${consumer}`, { body });
};

const ACTIONS: Readonly<Record<string, Action>> = {
  put,
  putAgain: put,
  putAtAnyRate: put,
  putWithoutGeneration,
  post,
  postAgain: post,
  empty,
  resize,
  makeRecord,
  changeRecord,
};

/** No storm may bring forth anything but success and the conflicts that it makes. */
function expectFair(name: string, answer: HttpAnswer): void {
  const fair = name === "resize" ? [200, 409] : [200, 201, 204, 404, 409];
  expect(fair, `${name}: ${JSON.stringify(answer.body)}`).toContain(answer.status);
  if (answer.status !== 409) return;
  expect(detailOf(answer)).toMatch(
    /generation conflict|exceed the capacity|on resource provider '.*' invalid|already exists/,
  );
}

test("after a storm of 2,000 requests all use is the sum of what is held", async () => {
  const world = await makeWorld();
  await crowd({ width: WIDTH, count: 2_000 }, async (index) => {
    const name = world.random.pick(Object.keys(ACTIONS));
    const answer = await ACTIONS[name]?.(servers.of(index), world);
    if (answer === undefined) return;
    expectFair(name, answer);
    const key = `${name} ${answer.status}`;
    world.seen.set(key, (world.seen.get(key) ?? 0) + 1);
  });
  expect(brokenInvariants(await servers.items())).toEqual([]);
  for (const outcome of ["put 204", "put 409", "post 204", "empty 204", "resize 200"]) {
    expect(world.seen.get(outcome), outcome).toBeGreaterThan(0);
  }
  await expectAllGone(world);
}, 120_000);

/** When every consumer is deleted, nothing of any of them is left. */
async function expectAllGone({ consumers, providers }: World): Promise<void> {
  for (const consumer of consumers) {
    const generation = await someGeneration(servers.first, consumer);
    if (generation === null) continue;
    expect((await claim(servers.first, consumer, {}, generation)).status).toBe(204);
  }
  const items = await servers.items();
  expect(brokenInvariants(items)).toEqual([]);
  const kinds = ["CONSUMER", "ALLOCATIONS", "PROJECT", "IDLE"];
  expect(items.filter(({ pk }) => kinds.includes(pk.split("#", 1)[0] ?? ""))).toEqual([]);
  for (const provider of providers) {
    const path = `/resource_providers/${provider}/usages`;
    const { body } = await servers.first.request("GET", path);
    expect(Object.values(body.usages as Record<string, number>)).toSatisfy((used: number[]) =>
      used.every((amount) => amount === 0),
    );
  }
}
