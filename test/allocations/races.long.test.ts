/** Claims that race for consumers and for room, over two servers on one table. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { useServers } from "../support/frame.ts";
import { brokenInvariants } from "../support/invariants.ts";
import {
  all,
  claim,
  detailOf,
  makeProvider,
  putInventories,
  readClaim,
  readProvider,
  readUsages,
  statuses,
} from "../support/world.ts";

const WRITERS = 32;
const servers = useServers(2);

test("of 32 writers that create one consumer at once exactly one wins, 20 times", async () => {
  const provider = await makeProvider(servers.first, { VCPU: 1_000 });
  for (let round = 1; round <= 20; round += 1) {
    const consumer = randomUUID();
    const answers = await all(WRITERS, (index) =>
      claim(servers.of(index), consumer, { [provider]: { VCPU: index + 1 } }),
    );
    expect(statuses(answers)).toEqual({ 204: 1, 409: WRITERS - 1 });
    for (const lost of answers.filter(({ status }) => status === 409)) {
      expect(detailOf(lost)).toContain("consumer generation conflict");
    }
    const winner = answers.findIndex(({ status }) => status === 204);
    expect(await readClaim(servers.first, consumer)).toEqual({
      held: { [provider]: { VCPU: winner + 1 } },
      generation: 1,
    });
    await servers.first.request("DELETE", `/allocations/${consumer}`);
  }
  expect(await readUsages(servers.first, provider)).toEqual({ VCPU: 0 });
  expect(brokenInvariants(await servers.items())).toEqual([]);
});

test("of 32 writers that race for room for 25 exactly 25 win, 20 times", async () => {
  for (let round = 1; round <= 20; round += 1) {
    const provider = await makeProvider(servers.first, { VCPU: 50, MEMORY_MB: 2_500 });
    const answers = await all(WRITERS, (index) =>
      claim(servers.of(index), randomUUID(), { [provider]: { VCPU: 2, MEMORY_MB: 100 } }),
    );
    expect(statuses(answers)).toEqual({ 204: 25, 409: 7 });
    for (const lost of answers.filter(({ status }) => status === 409)) {
      expect(detailOf(lost)).toContain("would exceed the capacity");
    }
    expect(await readUsages(servers.first, provider)).toEqual({ VCPU: 50, MEMORY_MB: 2_500 });
    // Claims do not compare the provider's generation, and still each raises it.
    expect((await readProvider(servers.first, provider)).generation).toBe(1 + 25);
  }
  expect(brokenInvariants(await servers.items())).toEqual([]);
});

test("of 64 writers that race for a provider which holds exactly 40 exactly 40 win", async () => {
  const provider = await makeProvider(servers.first, {
    VCPU: { total: 25, reserved: 5, allocation_ratio: 2 },
  });
  const answers = await all(64, (index) =>
    claim(servers.of(index), randomUUID(), { [provider]: { VCPU: 1 } }),
  );
  expect(statuses(answers)).toEqual({ 204: 40, 409: 24 });
  expect(await readUsages(servers.first, provider)).toEqual({ VCPU: 40 });
  expect(brokenInvariants(await servers.items())).toEqual([]);
});

test("claims of two providers at once are never granted by halves", async () => {
  const wide = await makeProvider(servers.first, { VCPU: 20 });
  const narrow = await makeProvider(servers.first, { DISK_GB: 11 });
  const answers = await all(WRITERS, (index) =>
    claim(servers.of(index), randomUUID(), { [wide]: { VCPU: 1 }, [narrow]: { DISK_GB: 1 } }),
  );
  expect(statuses(answers)).toEqual({ 204: 11, 409: 21 });
  expect(await readUsages(servers.first, wide)).toEqual({ VCPU: 11 });
  expect(await readUsages(servers.first, narrow)).toEqual({ DISK_GB: 11 });
});

test("of 32 writers that name one consumer generation exactly one wins, 100 times", async () => {
  const provider = await makeProvider(servers.first, { VCPU: 100 });
  const consumer = randomUUID();
  expect((await claim(servers.first, consumer, { [provider]: { VCPU: 1 } })).status).toBe(204);
  for (let round = 1; round <= 100; round += 1) {
    const answers = await all(WRITERS, (index) =>
      claim(servers.of(index), consumer, { [provider]: { VCPU: index + 1 } }, round),
    );
    expect(statuses(answers)).toEqual({ 204: 1, 409: WRITERS - 1 });
    const winner = answers.findIndex(({ status }) => status === 204);
    expect(await readClaim(servers.first, consumer)).toEqual({
      held: { [provider]: { VCPU: winner + 1 } },
      generation: round + 1,
    });
  }
  expect(brokenInvariants(await servers.items())).toEqual([]);
}, 120_000);

test("of 32 writers that raise one consumer's generation exactly one wins each round", async () => {
  const provider = await makeProvider(servers.first, { VCPU: 10 });
  const consumer = randomUUID();
  await claim(servers.first, consumer, { [provider]: { VCPU: 1 } });
  for (let generation = 1; generation <= 20; generation += 1) {
    const answers = await all(WRITERS, (index) =>
      servers.of(index).request("POST", `/consumers/${consumer}/generation`, {
        body: { consumer_generation: generation },
      }),
    );
    expect(statuses(answers)).toEqual({ 200: 1, 409: WRITERS - 1 });
    const won = answers.find(({ status }) => status === 200);
    expect(won?.body.consumer_generation).toBe(generation + 1);
  }
  expect(brokenInvariants(await servers.items())).toEqual([]);
});

test("of 32 writers that replace inventories at one generation exactly one wins", async () => {
  const provider = await makeProvider(servers.first, { VCPU: 10 });
  for (let generation = 1; generation <= 20; generation += 1) {
    const answers = await all(WRITERS, (index) =>
      putInventories(servers.of(index), provider, generation, { VCPU: index + 1 }),
    );
    expect(statuses(answers)).toEqual({ 200: 1, 409: WRITERS - 1 });
    const winner = answers.findIndex(({ status }) => status === 200);
    const { body } = await servers.first.request(
      "GET",
      `/resource_providers/${provider}/inventories`,
    );
    expect(body.resource_provider_generation).toBe(generation + 1);
    expect(body.inventories.VCPU.total).toBe(winner + 1);
  }
  expect(brokenInvariants(await servers.items())).toEqual([]);
});

test("of 32 writers that post one new consumer exactly one makes it", async () => {
  for (let round = 1; round <= 10; round += 1) {
    const uuid = randomUUID();
    const answers = await all(WRITERS, (index) =>
      servers.of(index).request("POST", "/consumers", {
        body: { uuid, project_id: `project-${index}`, user_id: "user" },
      }),
    );
    expect(statuses(answers)).toEqual({ 201: 1, 409: WRITERS - 1 });
    const winner = answers.findIndex(({ status }) => status === 201);
    const shown = await servers.first.request("GET", `/consumers/${uuid}`);
    expect(shown.body.project_id).toBe(`project-${winner}`);
  }
  expect(brokenInvariants(await servers.items())).toEqual([]);
});
