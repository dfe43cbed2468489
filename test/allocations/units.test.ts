/** Which amounts are measured against min_unit, max_unit and step_size: those that change. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { isWrite } from "../support/between.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useBetween } from "../support/frame.ts";
import {
  claim,
  claimBody,
  detailOf,
  makeProvider,
  putInventories,
  readClaim,
  readProvider,
  readUsages,
} from "../support/world.ts";

const between = useBetween();

const violated = (uuid: string, name = "VCPU") => ({
  status: 409,
  message: `Unable to allocate inventory: Unable to create allocation for '${name}' on resource provider '${uuid}'. The requested amount would violate inventory constraints.`,
});

type Units = Readonly<Record<string, number>>;

/** A provider on which a consumer holds 12 VCPU and 12 MEMORY_MB, and whose VCPU is changed then. */
async function underAllocation(units: Units) {
  const { quick } = between;
  const uuid = await makeProvider(quick, { VCPU: 100, MEMORY_MB: 100 });
  const consumer = randomUUID();
  expect((await claim(quick, consumer, { [uuid]: { VCPU: 12, MEMORY_MB: 12 } })).status).toBe(204);
  const inventories = { VCPU: { total: 100, ...units }, MEMORY_MB: 100 };
  expect((await putInventories(quick, uuid, 2, inventories)).status).toBe(200);
  return { uuid, consumer };
}

/** Units that 12 does not meet. */
const BEYOND: readonly (readonly [string, Units])[] = [
  ["above max_unit", { max_unit: 8 }],
  ["below min_unit", { min_unit: 20 }],
  ["off step_size", { step_size: 5 }],
  ["off all of them", { min_unit: 3, max_unit: 9, step_size: 3 }],
];

describe.each(BEYOND)("an amount that is %s since", (_, units) => {
  test("stays while another class changes", async () => {
    const { uuid, consumer } = await underAllocation(units);
    const { quick } = between;
    for (const [index, amount] of [20, 5, 5].entries()) {
      const held = { [uuid]: { VCPU: 12, MEMORY_MB: amount } };
      expect((await claim(quick, consumer, held, 1 + index)).status).toBe(204);
    }
    expect(await readUsages(quick, uuid)).toEqual({ VCPU: 12, MEMORY_MB: 5 });
    const only = { [uuid]: { VCPU: 12 } };
    expect((await claim(quick, consumer, only, 4)).status).toBe(204);
    expect(await readUsages(quick, uuid)).toEqual({ VCPU: 12, MEMORY_MB: 0 });
  });

  test("stays where no generation is named, which is tried as a new consumer first", async () => {
    const { uuid, consumer } = await underAllocation(units);
    const { quick } = between;
    const allocations = { [uuid]: { resources: { VCPU: 12, MEMORY_MB: 1 } } };
    const body = { allocations, project_id: "p", user_id: "u" };
    const path = `/allocations/${consumer}`;
    expect((await quick.request("PUT", path, { body, version: "1.12" })).status).toBe(204);
    expect(await readUsages(quick, uuid)).toEqual({ VCPU: 12, MEMORY_MB: 1 });
  });

  test("is refused if it is claimed anew", async () => {
    const { uuid, consumer } = await underAllocation(units);
    const { quick } = between;
    const anew = await claim(quick, randomUUID(), { [uuid]: { VCPU: 12 } });
    expectRefusal(anew, violated(uuid));
    const body = {
      [consumer]: claimBody({ [uuid]: { VCPU: 12, MEMORY_MB: 1 } }, 1),
      [randomUUID()]: claimBody({ [uuid]: { VCPU: 12 } }, null),
    };
    expectRefusal(await quick.request("POST", "/allocations", { body }), violated(uuid));
    expect(await readUsages(quick, uuid)).toEqual({ VCPU: 12, MEMORY_MB: 12 });
  });

  test("stays in a reshape that leaves its inventory, and is measured by one that it changes", async () => {
    const { uuid, consumer } = await underAllocation(units);
    const { quick } = between;
    const reshape = (inventories: object, generation: number, memory: number) =>
      quick.request("POST", "/reshaper", {
        body: {
          inventories,
          allocations: {
            [consumer]: claimBody({ [uuid]: { VCPU: 12, MEMORY_MB: memory } }, generation),
          },
        },
        roles: "service",
      });
    expect((await reshape({}, 1, 20)).status).toBe(204);
    const given = async (total: number) => ({
      resource_provider_generation: (await readProvider(quick, uuid)).generation,
      inventories: { VCPU: { total, ...units }, MEMORY_MB: { total: 90 } },
    });
    expect((await reshape({ [uuid]: await given(100) }, 2, 5)).status).toBe(204);
    expect(await readUsages(quick, uuid)).toEqual({ VCPU: 12, MEMORY_MB: 5 });
    expectRefusal(await reshape({ [uuid]: await given(90) }, 3, 6), violated(uuid));
    expect(await readUsages(quick, uuid)).toEqual({ VCPU: 12, MEMORY_MB: 5 });
  });

  test("stays in a change of more than a transaction's items", async () => {
    const { uuid, consumer } = await underAllocation(units);
    const { quick } = between;
    const others = Array.from({ length: 40 }, () => randomUUID());
    const body = {
      [consumer]: claimBody({ [uuid]: { VCPU: 12, MEMORY_MB: 1 } }, 1),
      ...Object.fromEntries(
        others.map((each) => [each, claimBody({ [uuid]: { MEMORY_MB: 1 } }, null)]),
      ),
    };
    expect((await quick.request("POST", "/allocations", { body })).status).toBe(204);
    expect(await readUsages(quick, uuid)).toEqual({ VCPU: 12, MEMORY_MB: 41 });
    const [first = ""] = others;
    const wrong = Object.fromEntries(others.map((each) => [each, body[each]]));
    const grown = { [uuid]: { VCPU: 12, MEMORY_MB: 1 } };
    const answer = await quick.request("POST", "/allocations", {
      body: {
        ...Object.fromEntries(
          Object.entries(wrong).map(([each, given]) => [
            each,
            { ...given, consumer_generation: 1 },
          ]),
        ),
        [first]: claimBody(grown, 1),
      },
    });
    expectRefusal(answer, violated(uuid));
  });
});

describe("an amount that is lowered", () => {
  test.each<[string, Units, number, number]>([
    ["may be above max_unit", { max_unit: 8 }, 9, 204],
    ["may be above it by one step", { max_unit: 3, step_size: 5 }, 10, 204],
    ["meets min_unit", { min_unit: 10 }, 9, 409],
    ["may be min_unit", { min_unit: 10 }, 10, 204],
    ["meets step_size", { step_size: 5 }, 9, 409],
    ["may be one step", { step_size: 5 }, 5, 204],
    ["meets step_size above max_unit too", { max_unit: 3, step_size: 5 }, 9, 409],
  ])("%s", async (_, units, amount, status) => {
    const { uuid, consumer } = await underAllocation(units);
    const answer = await claim(between.quick, consumer, { [uuid]: { VCPU: amount } }, 1);
    if (status === 409) expectRefusal(answer, violated(uuid));
    expect(answer.status).toBe(status);
    const used = status === 204 ? { VCPU: amount, MEMORY_MB: 0 } : { VCPU: 12, MEMORY_MB: 12 };
    expect(await readUsages(between.quick, uuid)).toEqual(used);
  });
});

describe("an amount that is raised", () => {
  test.each<[string, Units, number, number]>([
    ["meets max_unit", { max_unit: 8 }, 13, 409],
    ["meets max_unit that the old one meets", { max_unit: 13 }, 14, 409],
    ["may be max_unit", { max_unit: 13 }, 13, 204],
    ["meets min_unit", { min_unit: 20 }, 19, 409],
    ["meets step_size", { step_size: 5 }, 14, 409],
    ["may be a step", { step_size: 5 }, 15, 204],
  ])("%s", async (_, units, amount, status) => {
    const { uuid, consumer } = await underAllocation(units);
    const answer = await claim(between.quick, consumer, { [uuid]: { VCPU: amount } }, 1);
    if (status === 409) expectRefusal(answer, violated(uuid));
    expect(answer.status).toBe(status);
  });
});

test("several consumers of one provider are measured each by its own change", async () => {
  const { quick } = between;
  const uuid = await makeProvider(quick, { VCPU: 100 });
  const [kept, lowered, raised, fresh] = Array.from({ length: 4 }, () => randomUUID()) as [
    string,
    string,
    string,
    string,
  ];
  for (const [consumer, amount] of Object.entries({ [kept]: 13, [lowered]: 40, [raised]: 4 })) {
    await claim(quick, consumer, { [uuid]: { VCPU: amount } });
  }
  const units = { total: 100, min_unit: 5, max_unit: 20, step_size: 5 };
  expect((await putInventories(quick, uuid, 4, { VCPU: units })).status).toBe(200);
  const post = (amounts: Readonly<Record<string, number>>) => {
    const claims = Object.entries(amounts).map(([consumer, amount]) => {
      const generation = consumer === fresh ? null : 1;
      return [consumer, claimBody({ [uuid]: { VCPU: amount } }, generation)];
    });
    return quick.request("POST", "/allocations", { body: Object.fromEntries(claims) });
  };
  const right = { [kept]: 13, [lowered]: 30, [raised]: 20, [fresh]: 15 };
  const flaws = [
    { [kept]: 14 },
    { [kept]: 12 },
    { [lowered]: 29 },
    { [lowered]: 41 },
    { [raised]: 25 },
    { [raised]: 6 },
    { [fresh]: 13 },
    { [fresh]: 30 },
  ];
  for (const flaw of flaws) {
    expectRefusal(await post({ ...right, ...flaw }), violated(uuid));
  }
  expect((await post(right)).status).toBe(204);
  expect(await readUsages(quick, uuid)).toEqual({ VCPU: 78 });
});

test("an amount that another writer lowers meanwhile counts as raised", async () => {
  const { slow, quick, before } = between;
  const { uuid, consumer } = await underAllocation({ max_unit: 8 });
  const held = (amount: number) => ({
    allocations: { [uuid]: { resources: { VCPU: amount } } },
    project_id: "p",
    user_id: "u",
  });
  const put = (server: typeof slow, amount: number) =>
    server.request("PUT", `/allocations/${consumer}`, { body: held(amount), version: "1.12" });
  let times = () => 0;
  // The first try takes the consumer for a new one; the second is planned on what it holds.
  before(isWrite, async () => {
    times = before(isWrite, () => put(quick, 8));
  });
  const answer = await put(slow, 12);
  expect(times()).toBe(1);
  expect(answer.status).toBe(409);
  expect(detailOf(answer)).toContain("would violate inventory constraints");
  expect(await readClaim(quick, consumer)).toEqual({
    held: { [uuid]: { VCPU: 8 } },
    generation: 2,
  });
});

test("a max_unit that is lowered meanwhile limits raised amounts, but not unchanged ones", async () => {
  const { slow, quick, before } = between;
  for (const [amount, status] of [
    [13, 409],
    [12, 204],
  ] as const) {
    const { uuid, consumer } = await underAllocation({});
    const narrow = { VCPU: { total: 100, max_unit: 8, step_size: 5 }, MEMORY_MB: 100 };
    const times = before(isWrite, () => putInventories(quick, uuid, 3, narrow));
    const held = { [uuid]: { VCPU: amount, MEMORY_MB: 7 } };
    const answer = await claim(slow, consumer, held, 1);
    expect([times(), answer.status]).toEqual([1, status]);
  }
});
