/** What the history of a provider tells of each write. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { useApi, useFaulty } from "../support/frame.ts";
import { historyOf, type ShownEvent, steps } from "../support/history.ts";
import { claim, makeProvider, putInventories, readProvider } from "../support/world.ts";

const api = useApi();
/** Its clock stands still. */
const stopped = useFaulty();
const of = (uuid: string) => historyOf(api, "resource_providers", uuid);
const VCPU = {
  total: 8,
  reserved: 0,
  min_unit: 1,
  max_unit: 2_147_483_647,
  step_size: 1,
  allocation_ratio: 1,
};

async function ok(method: string, path: string, body?: unknown): Promise<void> {
  const answer = await api.request(method, path, body === undefined ? {} : { body });
  expect([answer.status, answer.body]).toEqual([expect.any(Number), expect.anything()]);
  expect(answer.status).toBeLessThan(300);
}

const last = (events: readonly ShownEvent[]) => events.at(-1)?.changes;

test("creation, inventories, traits, aggregates, name and deletion are told of", async () => {
  const uuid = await makeProvider(api, {}, { name: `first-${randomUUID()}` });
  const path = `/resource_providers/${uuid}`;
  expect(last(await of(uuid))).toEqual({
    name: { before: null, after: expect.stringMatching(/^first-/) },
    root_provider_uuid: { before: null, after: uuid },
  });
  await putInventories(api, uuid, 0, { VCPU: 8, MEMORY_MB: 64 });
  expect(last(await of(uuid))).toMatchObject({
    inventories: { before: {}, after: { VCPU, MEMORY_MB: { ...VCPU, total: 64 } } },
  });
  const one = { resource_provider_generation: 1, total: 9 };
  await ok("PUT", `${path}/inventories/VCPU`, one);
  expect(last(await of(uuid))).toEqual({
    inventories: { before: { VCPU }, after: { VCPU: { ...VCPU, total: 9 } } },
  });
  await ok("DELETE", `${path}/inventories/MEMORY_MB`);
  await ok("POST", `${path}/inventories`, { resource_class: "DISK_GB", total: 8 });
  expect(last(await of(uuid))).toEqual({ inventories: { before: {}, after: { DISK_GB: VCPU } } });
  const traits = (names: string[], generation: number) => ({
    traits: names,
    resource_provider_generation: generation,
  });
  await ok("PUT", `${path}/traits`, traits(["HW_CPU_X86_AVX", "HW_CPU_X86_SSE"], 4));
  await ok("PUT", `${path}/traits`, traits(["HW_CPU_X86_AVX2", "HW_CPU_X86_SSE"], 5));
  expect(last(await of(uuid))).toEqual({
    traits: { before: ["HW_CPU_X86_AVX"], after: ["HW_CPU_X86_AVX2"] },
  });
  const aggregate = randomUUID();
  const aggregates = { aggregates: [aggregate], resource_provider_generation: 6 };
  await ok("PUT", `${path}/aggregates`, aggregates);
  expect(last(await of(uuid))).toEqual({ aggregates: { before: [], after: [aggregate] } });
  await ok("PUT", path, { name: `second-${uuid}` });
  expect(last(await of(uuid))).toMatchObject({ name: { after: `second-${uuid}` } });
  await ok("DELETE", path);
  const events = await of(uuid);
  expect(steps(events)).toEqual([
    "resource_provider.create null>0",
    "inventory.update 0>1",
    "inventory.update 1>2",
    "inventory.update 2>3",
    "inventory.update 3>4",
    "traits.update 4>5",
    "traits.update 5>6",
    "aggregates.update 6>7",
    "resource_provider.update 7>7",
    "resource_provider.delete 7>null",
  ]);
  expect(last(events)).toEqual({
    name: { before: `second-${uuid}`, after: null },
    root_provider_uuid: { before: uuid, after: null },
    inventories: { before: { VCPU: { ...VCPU, total: 9 }, DISK_GB: VCPU }, after: null },
    traits: { before: ["HW_CPU_X86_AVX2", "HW_CPU_X86_SSE"].sort(), after: null },
    aggregates: { before: [aggregate], after: null },
  });
  for (const each of events) {
    expect(each).toMatchObject({ project_id: null, life: null, cause: "request", subject: uuid });
    expect(each.caller).toEqual({ kind: "headers", user: "admin" });
  }
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
});

test("claims on a provider are not of its history, though they raise its generation", async () => {
  const uuid = await makeProvider(api, { VCPU: 8 });
  await claim(api, randomUUID(), { [uuid]: { VCPU: 1 } });
  expect((await readProvider(api, uuid)).generation).toBe(2);
  expect(steps(await of(uuid))).toEqual([
    "resource_provider.create null>0",
    "inventory.update 0>1",
  ]);
});

test("what leaves everything as it is is not told, unless the generation rises", async () => {
  const uuid = await makeProvider(api);
  const path = `/resource_providers/${uuid}`;
  const { name } = await readProvider(api, uuid);
  await ok("PUT", path, { name });
  await ok("PUT", `${path}/traits`, { traits: [], resource_provider_generation: 0 });
  expect(
    (await api.request("PUT", `${path}/aggregates`, { body: [], version: "1.18" })).status,
  ).toBe(200);
  expect(steps(await of(uuid))).toEqual(["resource_provider.create null>0"]);
  await ok("PUT", `${path}/aggregates`, { aggregates: [], resource_provider_generation: 0 });
  const events = await of(uuid);
  expect(steps(events).at(-1)).toBe("aggregates.update 0>1");
  expect(last(events)).toEqual({});
});

test("a move is told of the provider and of all below it, and so is the deletion of a subtree", async () => {
  const [old, fresh] = [await makeProvider(api), await makeProvider(api)];
  const top = await makeProvider(api, {}, { parent: old });
  const below = await makeProvider(api, {}, { parent: top });
  const { name } = await readProvider(api, top);
  await ok("PUT", `/resource_providers/${top}`, { name, parent_provider_uuid: fresh });
  const [moved, followed] = [(await of(top)).at(-1), (await of(below)).at(-1)];
  expect(moved?.changes).toEqual({
    parent_provider_uuid: { before: old, after: fresh },
    root_provider_uuid: { before: old, after: fresh },
  });
  expect(followed?.changes).toEqual({ root_provider_uuid: { before: old, after: fresh } });
  expect([moved?.change_id === followed?.change_id, followed?.change_size]).toEqual([true, 2]);
  await ok("DELETE", `/resource_providers/${top}?subtree=true`);
  for (const uuid of [top, below]) {
    const deleted = (await of(uuid)).at(-1);
    expect(deleted).toMatchObject({ event: "placement.resource_provider.delete", change_size: 2 });
  }
});

test("the reshaper tells of inventories and of what is held, in one change", async () => {
  const from = await makeProvider(api, { VCPU: 8 });
  const to = await makeProvider(api, {}, { parent: from });
  const consumer = randomUUID();
  await claim(api, consumer, { [from]: { VCPU: 2 } });
  const body = {
    inventories: {
      [from]: { resource_provider_generation: 2, inventories: {} },
      [to]: { resource_provider_generation: 0, inventories: { VCPU: { total: 8 } } },
    },
    allocations: {
      [consumer]: {
        allocations: { [to]: { resources: { VCPU: 2 } } },
        project_id: "project",
        user_id: "user",
        consumer_type: "INSTANCE",
        consumer_generation: 1,
      },
    },
  };
  const answer = await api.request("POST", "/reshaper", { body, roles: "service" });
  expect(answer.status).toBe(204);
  const events = [
    (await of(from)).at(-1),
    (await of(to)).at(-1),
    (await historyOf(api, "consumers", consumer)).at(-1),
  ];
  expect(events.map((each) => each?.event)).toEqual([
    "placement.inventory.update",
    "placement.inventory.update",
    "placement.allocation.update",
  ]);
  expect(new Set(events.map((each) => each?.change_id)).size).toBe(1);
  expect(events.map((each) => each?.change_size)).toEqual([3, 3, 3]);
  expect(events[0]?.changes["inventories"]).toEqual({ before: { VCPU }, after: {} });
  expect(events[2]?.changes["allocations"]).toEqual({
    before: { [from]: { VCPU: 2 } },
    after: { [to]: { VCPU: 2 } },
  });
});

test("a host that is emptied tells each consumer why", async () => {
  const [host, other] = [
    await makeProvider(api, { VCPU: 8 }),
    await makeProvider(api, { VCPU: 8 }),
  ];
  const [whole, part] = [randomUUID(), randomUUID()];
  await claim(api, whole, { [host]: { VCPU: 1 } });
  await claim(api, part, { [host]: { VCPU: 1 }, [other]: { VCPU: 1 } });
  await ok("DELETE", `/resource_providers/${host}/allocations`);
  const [gone, kept] = [
    (await historyOf(api, "consumers", whole)).at(-1),
    (await historyOf(api, "consumers", part)).at(-1),
  ];
  expect(gone).toMatchObject({ event: "placement.allocation.delete", cause: "provider_emptied" });
  expect(kept).toMatchObject({ event: "placement.allocation.update", cause: "provider_emptied" });
  expect(kept?.changes).toEqual({ allocations: { before: { [host]: { VCPU: 1 } }, after: {} } });
  expect(gone?.caller).toEqual({ kind: "headers", user: "admin" });
});

test("changes within one millisecond stand in the order in which they were made", async () => {
  const { api: frozen } = stopped;
  const uuid = await makeProvider(frozen);
  const names = Array.from({ length: 12 }, (_, number) => `${number}-${uuid}`);
  for (const name of names) {
    // A new name leaves the generation as it is.
    const { status } = await frozen.request("PUT", `/resource_providers/${uuid}`, {
      body: { name },
    });
    expect(status).toBe(200);
  }
  const events = await historyOf(frozen, "resource_providers", uuid);
  expect(new Set(events.map(({ time }) => time)).size).toBe(1);
  expect(events.slice(1).map(({ changes }) => changes["name"]?.after)).toEqual(names);
});
