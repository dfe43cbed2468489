/** POST /reshaper: the order of its checks, and what it does to generations. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import {
  claim,
  claimBody,
  makeProvider,
  readClaim,
  readProvider,
  readUsages,
} from "../support/world.ts";

const api = useApi();

type Inventories = Readonly<Record<string, object>>;

const given = (generation: number, inventories: Inventories) => ({
  resource_provider_generation: generation,
  inventories,
});

const reshape = (inventories: object, allocations: object = {}, version = "1.39") =>
  api.request("POST", "/reshaper", {
    body: { inventories, allocations },
    version,
    roles: "service",
  });

const generationOf = async (uuid: string) => (await readProvider(api, uuid)).generation;

/** A host that holds a consumer's VCPU, and an empty child to move it to. */
async function makeHost() {
  const host = await makeProvider(api, { VCPU: 8, MEMORY_MB: 64 });
  const numa = await makeProvider(api, {}, { parent: host });
  const consumer = randomUUID();
  await claim(api, consumer, { [host]: { VCPU: 4 } });
  return { host, numa, consumer };
}

test("moves inventory and allocations to another provider in one step", async () => {
  const { host, numa, consumer } = await makeHost();
  const answer = await reshape(
    { [host]: given(2, { MEMORY_MB: { total: 64 } }), [numa]: given(0, { VCPU: { total: 8 } }) },
    { [consumer]: claimBody({ [numa]: { VCPU: 4 } }, 1) },
  );
  expect([answer.status, answer.body]).toEqual([204, ""]);
  expect(await readUsages(api, host)).toEqual({ MEMORY_MB: 0 });
  expect(await readUsages(api, numa)).toEqual({ VCPU: 4 });
  expect(await readClaim(api, consumer)).toEqual({ held: { [numa]: { VCPU: 4 } }, generation: 2 });
});

test("is there from 1.30, with the forms of POST /allocations", async () => {
  const { host, consumer } = await makeHost();
  const inventories = { [host]: given(2, { VCPU: { total: 8 }, MEMORY_MB: { total: 64 } }) };
  expectRefusal(await reshape(inventories, {}, "1.29"), { status: 404, message: "" });
  const { consumer_type: type, ...untyped } = claimBody({ [host]: { VCPU: 4 } }, 1);
  const typed = { ...untyped, consumer_type: type };
  expect((await reshape(inventories, { [consumer]: typed }, "1.37")).status).toBe(400);
  expect((await reshape(inventories, { [consumer]: untyped }, "1.38")).status).toBe(400);
  const mapped = { ...untyped, mappings: { "": [host] } };
  expect((await reshape(inventories, { [consumer]: mapped }, "1.33")).status).toBe(400);
  expect((await reshape(inventories, { [consumer]: untyped }, "1.30")).status).toBe(204);
});

describe("generations of providers", () => {
  test("rise once for an empty inventory, twice for another, once more for allocations", async () => {
    const [a, b, c] = [
      await makeProvider(api),
      await makeProvider(api),
      await makeProvider(api, { VCPU: 8 }),
    ];
    const consumer = randomUUID();
    const answer = await reshape(
      {
        [a]: given(0, {}),
        [b]: given(0, { VCPU: { total: 1 } }),
        [c]: given(1, { VCPU: { total: 8 } }),
      },
      { [consumer]: claimBody({ [c]: { VCPU: 1 } }, null) },
    );
    expect(answer.status).toBe(204);
    expect(await Promise.all([a, b, c].map(generationOf))).toEqual([1, 2, 4]);
  });

  test("rise once more for a provider from which a consumer is emptied", async () => {
    const { host, consumer } = await makeHost();
    const inventories = { [host]: given(2, { VCPU: { total: 8 } }) };
    expect((await reshape(inventories, { [consumer]: claimBody({}, 1) })).status).toBe(204);
    expect(await generationOf(host)).toBe(5);
  });

  test("of those named only in allocations are not compared", async () => {
    const { host, consumer } = await makeHost();
    const other = await makeProvider(api);
    const allocations = { [consumer]: claimBody({ [host]: { VCPU: 2 } }, 1) };
    expect((await reshape({ [other]: given(0, {}) }, allocations)).status).toBe(204);
    expect(await generationOf(host)).toBe(3);
  });
});

describe("refusals, in the order of the checks", () => {
  test("the inventories' providers, in body order", async () => {
    const [nobody, known] = [randomUUID(), await makeProvider(api)];
    const conflict = { [known]: given(7, {}) };
    const unknown = { [nobody]: given(0, {}) };
    const bad = { [randomUUID()]: claimBody({}, 9) };
    expectRefusal(await reshape({ ...unknown, ...conflict }, bad), {
      status: 400,
      code: "placement.resource_provider.not_found",
      message: new RegExp(nobody),
    });
    expectRefusal(await reshape({ ...conflict, ...unknown }, bad), {
      status: 409,
      code: "placement.concurrent_update",
      message: /generation conflict/,
    });
  });

  test("then consumers, then the allocations' providers", async () => {
    const nobody = randomUUID();
    const conflict = { [randomUUID()]: claimBody({ [nobody]: { VCPU: 1 } }, 9) };
    expectRefusal(await reshape({}, conflict), {
      status: 409,
      code: "placement.concurrent_update",
      message: "consumer generation conflict - expected null but got 9",
    });
    const unknown = { [randomUUID()]: claimBody({ [nobody]: { CUSTOM_NONE: 1 } }, null) };
    expectRefusal(await reshape({}, unknown), {
      status: 400,
      message: `Allocation for resource provider '${nobody}' that does not exist.`,
    });
  });

  test("then classes and amounts", async () => {
    const provider = await makeProvider(api, { VCPU: 8 });
    for (const [inventories, allocations] of [
      [{ [provider]: given(1, { CUSTOM_NONE: { total: 1 } }) }, {}],
      [{}, { [randomUUID()]: claimBody({ [provider]: { CUSTOM_NONE: 1 } }, null) }],
    ] as const) {
      expectRefusal(await reshape(inventories, allocations), {
        status: 400,
        message: "malformed reshaper data: No such resource class CUSTOM_NONE.",
      });
    }
    const tooMuch = { [randomUUID()]: claimBody({ [provider]: { VCPU: 5 } }, null) };
    const smaller = { [provider]: given(1, { VCPU: { total: 4 } }) };
    expectRefusal(await reshape(smaller, tooMuch), {
      status: 409,
      message: /would exceed the capacity/,
    });
  });

  test("then the removal of what is used", async () => {
    const { host } = await makeHost();
    const before = await api.items();
    expectRefusal(await reshape({ [host]: given(2, {}) }), {
      status: 409,
      code: "placement.inventory.inuse",
      message: `update conflict: Inventory for 'VCPU' on resource provider '${host}' in use.`,
    });
    expect(await api.items()).toEqual(before);
  });
});

test("reserved above total is not refused here", async () => {
  const provider = await makeProvider(api);
  const inventories = { [provider]: given(0, { VCPU: { total: 1, reserved: 2 } }) };
  expect((await reshape(inventories)).status).toBe(204);
});

test("the lowest capacity that can be asked for leaves room for what is used", async () => {
  const { host, consumer } = await makeHost();
  const lowest = { total: 1, reserved: 2_147_483_647, allocation_ratio: 3.40282e38 };
  expect((await reshape({ [host]: given(2, { VCPU: lowest }) })).status).toBe(204);
  expect(await readUsages(api, host)).toEqual({ VCPU: 4 });
  expect((await claim(api, consumer, { [host]: { VCPU: 4 } }, 1)).status).toBe(204);
  expectRefusal(await claim(api, randomUUID(), { [host]: { VCPU: 1 } }), {
    status: 409,
    message: /would exceed the capacity/,
  });
});
