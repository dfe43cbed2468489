/** Random changes by several writers: after each burst, the usages that a function keeps are those of all consumers. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ALL } from "../../lib/model/usages.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { type Api, startApi } from "../support/api.ts";
import { type Chance, chance } from "../support/chance.ts";
import { crowd } from "../support/crowd.ts";
import type { HttpAnswer } from "../support/http-client.ts";
import { interpose } from "../support/interpose.ts";
import { brokenInvariants } from "../support/invariants.ts";
import {
  fillProject,
  isProjectReading,
  owner,
  readInFull,
  shown,
  shownAll,
} from "../support/large-project.ts";
import { REPEATS } from "../support/repeats.ts";
import { claimBody, type Held, makeProvider } from "../support/world.ts";

const STEPS = 40;
/** More are released: few are read by their keys. */
const ALIVE = 8;
const TIMEOUT = 240_000;
const WRITERS = 3;
const PROJECTS = ["large", "large", "another"];
const USERS = ["user-0", "user-1", "someone"];
const TYPES = ["INSTANCE", "VOLUME", "unknown"];

interface World {
  readonly random: Chance;
  readonly writers: readonly Api[];
  readonly hosts: readonly Uuid[];
  /** In the order of their creation: writers compete for them. */
  readonly consumers: Set<string>;
}

/** One change; it may be refused, since another one was first. */
type Change = (world: World) => Promise<readonly HttpAnswer[]>;

const writerOf = ({ random, writers }: World) => random.pick(writers);
const ownerOf = ({ random }: World) =>
  owner(random.pick(PROJECTS), random.pick(USERS), random.pick(TYPES));

function heldBy({ random, hosts }: World): Held {
  const count = 1 + random.below(2);
  const some = Array.from({ length: count }, () => random.pick(hosts));
  return Object.fromEntries(some.map((each) => [each, { VCPU: 1 + random.below(4) }]));
}

const anyOf = ({ random, consumers }: World) => random.pick([...consumers]) ?? randomUUID();

const claims: Change = async (world) => {
  const uuid = randomUUID();
  world.consumers.add(uuid);
  const body = { ...claimBody(heldBy(world), null), ...ownerOf(world) };
  return [await writerOf(world).request("PUT", `/allocations/${uuid}`, { body })];
};

const replaces: Change = async (world) => {
  const uuid = anyOf(world);
  const writer = writerOf(world);
  const { body: now } = await writer.request("GET", `/allocations/${uuid}`);
  const generation = now.consumer_generation ?? null;
  // Half of them change nothing but the owner.
  const held = world.random.below(2) === 0 ? undefined : heldBy(world);
  const allocations = held === undefined ? now.allocations : claimBody(held, null).allocations;
  const body = { ...ownerOf(world), allocations, consumer_generation: generation };
  return [await writer.request("PUT", `/allocations/${uuid}`, { body })];
};

const owns: Change = async (world) => {
  const uuid = anyOf(world);
  const writer = writerOf(world);
  const { body: now } = await writer.request("GET", `/consumers/${uuid}`);
  const body = { ...ownerOf(world), consumer_generation: now.consumer_generation ?? 0 };
  return [await writer.request("PUT", `/consumers/${uuid}`, { body })];
};

const releases: Change = async (world) => {
  const uuid = anyOf(world);
  return [await writerOf(world).request("DELETE", `/allocations/${uuid}`)];
};

const recreates: Change = async (world) => {
  const uuid = anyOf(world);
  const deleted = await writerOf(world).request("DELETE", `/allocations/${uuid}`);
  const body = { ...claimBody(heldBy(world), null), ...ownerOf(world) };
  return [deleted, await writerOf(world).request("PUT", `/allocations/${uuid}`, { body })];
};

const idles: Change = async (world) => {
  const uuid = randomUUID();
  world.consumers.add(uuid);
  const body = { uuid, ...ownerOf(world) };
  return [await writerOf(world).request("POST", "/consumers", { body })];
};

/** Several at once, in now and then more than one transaction. */
const manages: Change = async (world) => {
  const writer = writerOf(world);
  const count = world.random.below(6) === 0 ? 30 : 2;
  const fresh = Array.from({ length: count }, () => randomUUID());
  for (const uuid of fresh) world.consumers.add(uuid);
  const known = anyOf(world);
  const { body: now } = await writer.request("GET", `/allocations/${known}`);
  const generation = now.consumer_generation ?? null;
  const bodies = [
    [known, { ...claimBody(heldBy(world), generation), ...ownerOf(world) }],
    ...fresh.map((uuid) => [uuid, { ...claimBody(heldBy(world), null), ...ownerOf(world) }]),
  ];
  return [await writer.request("POST", "/allocations", { body: Object.fromEntries(bodies) })];
};

const reshapes: Change = async (world) => {
  const writer = writerOf(world);
  const uuid = anyOf(world);
  const { body: now } = await writer.request("GET", `/allocations/${uuid}`);
  const generation = now.consumer_generation ?? null;
  const at = world.random.pick(world.hosts);
  const { body: provider } = await writer.request("GET", `/resource_providers/${at}/inventories`);
  const inventories = { VCPU: { total: 100_000 + world.random.below(9) } };
  const { resource_provider_generation } = provider;
  const body = {
    inventories: { [at]: { resource_provider_generation, inventories } },
    allocations: { [uuid]: { ...claimBody(heldBy(world), generation), ...ownerOf(world) } },
  };
  return [await writer.request("POST", "/reshaper", { body, roles: "service" })];
};

const empties: Change = async (world) => {
  const at = world.random.pick(world.hosts);
  return [await writerOf(world).request("DELETE", `/resource_providers/${at}/allocations`)];
};

const CHANGES: readonly (readonly [share: number, change: Change])[] = [
  [6, claims],
  [6, replaces],
  [4, owns],
  [4, releases],
  [3, recreates],
  [1, idles],
  [2, manages],
  [2, reshapes],
  [1, empties],
];
const ALL_CHANGES = CHANGES.flatMap(([share, change]) => Array<Change>(share).fill(change));
/** Releases the oldest consumers. */
async function thinOut({ consumers, writers }: World): Promise<void> {
  const surplus = [...consumers].slice(0, Math.max(0, consumers.size - ALIVE));
  await crowd({ width: 4, count: surplus.length }, async (index) => {
    const uuid = surplus[index] ?? "";
    consumers.delete(uuid);
    await (writers[index % WRITERS] as Api).request("DELETE", `/allocations/${uuid}`);
  });
}

/** Until it has paid for the reader to know on which providers the consumers are. */
async function learn({ hosts, writers: [writer] }: World, reader: Api): Promise<void> {
  for (let request = 0; request < 40; request += 1) {
    const body = { ...claimBody({ [hosts[0] ?? ""]: { VCPU: 1 } }, null), ...owner("passing") };
    const path = `/allocations/${randomUUID()}`;
    await writer?.request("PUT", path, { body });
    await writer?.request("DELETE", path);
    await reader.request("GET", "/usages?project_id=large");
  }
}

const ANSWERS = new Set([200, 201, 204, 404, 409, 400]);

describe.each(REPEATS)("with %s", (repeats) => {
  let reader: Api;
  let writers: Api[];
  let hosts: Uuid[];
  let projectReadings = 0;

  beforeAll(async () => {
    reader = await startApi({
      repeats,
      connection: (connection) =>
        interpose(connection, (call) => {
          if (isProjectReading(call)) projectReadings += 1;
          return call.send();
        }),
    });
    const { tableName } = reader;
    writers = await Promise.all(
      Array.from({ length: WRITERS }, () => startApi({ tableName, repeats })),
    );
    await fillProject(reader, "large");
    const made = Array.from({ length: 12 }, () => makeProvider(reader, { VCPU: 100_000 }));
    hosts = await Promise.all(made);
  });
  afterAll(async () => {
    expect(brokenInvariants(await reader.items())).toEqual([]);
    await Promise.all(writers.map((writer) => writer.close()));
    await reader.close();
  });

  test(
    "what is kept is what all consumers hold",
    async () => {
      const random = chance(`kept usages, ${repeats}`);
      const world: World = { random, writers, hosts, consumers: new Set() };
      const [whole] = writers as [Api];
      await claims(world);
      await learn(world, reader);
      let followed = 0;
      for (let step = 0; step < STEPS; step += 1) {
        const some = Array.from({ length: 1 + random.below(2) }, () => random.pick(ALL_CHANGES));
        const answers = (await Promise.all(some.map((change) => change(world)))).flat();
        for (const { status, body } of answers) {
          expect(ANSWERS, JSON.stringify(body)).toContain(status);
        }
        await thinOut(world);
        projectReadings = 0;
        const usages = async (query: string, version: string) =>
          (await reader.request("GET", `/usages?project_id=large${query}`, { version })).body
            .usages;
        const now = await usages("", "1.39");
        if (projectReadings === 0) followed += 1;
        const told = `step ${step}: ${some.map(({ name }) => name).join()}`;
        expect(now, told).toEqual(shown(await readInFull(whole, "large", undefined, undefined)));
        const user = random.pick(USERS);
        const type = random.pick([...TYPES, ALL]);
        expect(await usages(`&user_id=${user}&consumer_type=${type}`, "1.39"), told).toEqual(
          shown(await readInFull(whole, "large", user, type)),
        );
        expect(await usages(`&user_id=${user}`, "1.9"), told).toEqual(
          shownAll(await readInFull(whole, "large", user, ALL)),
        );
      }
      // Else this would compare full readings alone.
      expect(followed).toBeGreaterThan(STEPS / 10);
    },
    TIMEOUT,
  );
});
