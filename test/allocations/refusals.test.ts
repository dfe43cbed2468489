/** Claims that do not fit: their words, and which of several is told. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { claim, claimBody, makeProvider, putInventories, readUsages } from "../support/world.ts";

const UNITS = { total: 100, min_unit: 2, max_unit: 10, step_size: 2 };
const api = useApi();
let provider: string;

beforeAll(async () => {
  provider = await makeProvider(api, { VCPU: 10, MEMORY_MB: UNITS });
});

const refused = (name: string, why: string, uuid = provider) =>
  `Unable to allocate inventory: Unable to create allocation for '${name}' on resource provider '${uuid}'. The requested amount would ${why}.`;
const CAPACITY = "exceed the capacity";
const CONSTRAINTS = "violate inventory constraints";
const invalid = (name: string, uuid = provider) =>
  `Unable to allocate inventory: Inventory for '${name}' on resource provider '${uuid}' invalid.`;

describe("one class", () => {
  test.each([11, 2 ** 31, 2 ** 53, 1e300])("%d is over the capacity of 10", async (amount) => {
    const answer = await claim(api, randomUUID(), { [provider]: { VCPU: amount } });
    const why = amount > 2 ** 31 - 1 ? CONSTRAINTS : CAPACITY;
    expectRefusal(answer, { status: 409, message: refused("VCPU", why) });
  });

  test.each([1, 12, 3])("%d is outside 2 to 10 in steps of 2", async (amount) => {
    const answer = await claim(api, randomUUID(), { [provider]: { MEMORY_MB: amount } });
    expectRefusal(answer, { status: 409, message: refused("MEMORY_MB", CONSTRAINTS) });
  });

  test("units are checked before capacity", async () => {
    const small = await makeProvider(api, { VCPU: { total: 4, max_unit: 2 } });
    const answer = await claim(api, randomUUID(), { [small]: { VCPU: 8 } });
    expectRefusal(answer, { status: 409, message: refused("VCPU", CONSTRAINTS, small) });
  });

  test("steps other than 1 are taken", async () => {
    const consumer = randomUUID();
    const answer = await claim(api, consumer, { [provider]: { MEMORY_MB: 8 } });
    expect(answer.status).toBe(204);
    await api.request("DELETE", `/allocations/${consumer}`);
  });

  test("a class without inventory is 409, one that does not exist 400", async () => {
    const consumer = randomUUID();
    const missing = await claim(api, consumer, { [provider]: { DISK_GB: 1 } });
    expectRefusal(missing, { status: 409, message: invalid("DISK_GB") });
    const unknown = await claim(api, consumer, { [provider]: { CUSTOM_NONE: 1 } });
    expectRefusal(unknown, {
      status: 400,
      message: `Unable to allocate inventory for consumer ${consumer}: No such resource class CUSTOM_NONE.`,
    });
  });

  test("a provider that does not exist is 400", async () => {
    const nobody = randomUUID();
    expectRefusal(await claim(api, randomUUID(), { [nobody]: { VCPU: 1 } }), {
      status: 400,
      message: `Allocation for resource provider '${nobody}' that does not exist.`,
    });
  });

  test("a refused first write leaves no consumer behind", async () => {
    const consumer = randomUUID();
    await claim(api, consumer, { [randomUUID()]: { VCPU: 1 } });
    await claim(api, consumer, { [provider]: { VCPU: 11 } });
    await claim(api, consumer, {});
    expect((await api.items()).filter(({ pk }) => pk === `CONSUMER#${consumer}`)).toEqual([]);
    expect((await claim(api, consumer, { [provider]: { VCPU: 1 } })).status).toBe(204);
    await api.request("DELETE", `/allocations/${consumer}`);
  });
});

describe("the first of several", () => {
  test("each provider and class is checked completely, in request order", async () => {
    const both = (first: string, second: string) => ({ [provider]: { [first]: 11, [second]: 11 } });
    const vcpu = await claim(api, randomUUID(), both("VCPU", "MEMORY_MB"));
    expectRefusal(vcpu, { status: 409, message: refused("VCPU", CAPACITY) });
    const memory = await claim(api, randomUUID(), both("MEMORY_MB", "VCPU"));
    expectRefusal(memory, { status: 409, message: refused("MEMORY_MB", CONSTRAINTS) });
    const other = await makeProvider(api, { VCPU: 1 });
    const held = { [other]: { VCPU: 2 }, [provider]: { DISK_GB: 1 } };
    const answer = await claim(api, randomUUID(), held);
    expectRefusal(answer, { status: 409, message: refused("VCPU", CAPACITY, other) });
  });

  test("unknown names come before what does not fit", async () => {
    const nobody = randomUUID();
    const tooMuch = { [provider]: { VCPU: 11 } };
    const message = /^Allocation for resource provider/;
    const unknown = { ...tooMuch, [nobody]: { VCPU: 1 } };
    expectRefusal(await claim(api, randomUUID(), unknown), { status: 400, message });
    const classes = { [provider]: { VCPU: 11, CUSTOM_NONE: 1 } };
    const none = { status: 400, message: /No such resource class CUSTOM_NONE/ };
    expectRefusal(await claim(api, randomUUID(), classes), none);
    const both = { [provider]: { CUSTOM_NONE: 1 }, [nobody]: { VCPU: 1 } };
    expectRefusal(await claim(api, randomUUID(), both), { status: 400, message });
  });

  test("a consumer conflict comes before everything", async () => {
    const message = "consumer generation conflict - expected null but got 5";
    for (const held of [{ [randomUUID()]: { VCPU: 1 } }, { [provider]: { CUSTOM_NONE: 99 } }]) {
      const answer = await claim(api, randomUUID(), held, 5);
      expectRefusal(answer, { status: 409, code: "placement.concurrent_update", message });
    }
    const consumer = randomUUID();
    await claim(api, consumer, { [provider]: { VCPU: 1 } });
    const again = await claim(api, consumer, { [provider]: { VCPU: 999 } }, null);
    expectRefusal(again, { status: 409, code: "placement.concurrent_update" });
    await api.request("DELETE", `/allocations/${consumer}`);
  });
});

describe("an over-full provider", () => {
  test("takes a change that does not make it worse", async () => {
    const own = await makeProvider(api, { VCPU: 10 });
    const consumer = randomUUID();
    await claim(api, consumer, { [own]: { VCPU: 8 } });
    expect((await putInventories(api, own, 2, { VCPU: 4 })).status).toBe(200);
    expect((await claim(api, consumer, { [own]: { VCPU: 8 } }, 1)).status).toBe(204);
    expect((await claim(api, consumer, { [own]: { VCPU: 6 } }, 2)).status).toBe(204);
    const more = await claim(api, consumer, { [own]: { VCPU: 7 } }, 3);
    expectRefusal(more, { status: 409, message: refused("VCPU", CAPACITY, own) });
    expect((await claim(api, randomUUID(), { [own]: { VCPU: 1 } })).status).toBe(409);
    expect(await readUsages(api, own)).toEqual({ VCPU: 6 });
    const narrow = await putInventories(api, own, 5, { VCPU: { total: 4, max_unit: 5 } });
    expect(narrow.status).toBe(200);
    expect((await claim(api, consumer, { [own]: { VCPU: 6 } }, 3)).status).toBe(204);
    const units = await claim(api, consumer, { [own]: { VCPU: 7 } }, 4);
    expectRefusal(units, { status: 409, message: refused("VCPU", CONSTRAINTS, own) });
  });

  test("two consumers that swap what they hold fit, and one that grows does not", async () => {
    const own = await makeProvider(api, { VCPU: 10 });
    const [a, b] = [randomUUID(), randomUUID()];
    await claim(api, a, { [own]: { VCPU: 7 } });
    await claim(api, b, { [own]: { VCPU: 3 } });
    const both = (first: number, second: number) => ({
      [a]: claimBody({ [own]: { VCPU: first } }, 1),
      [b]: claimBody({ [own]: { VCPU: second } }, 1),
    });
    const over = await api.request("POST", "/allocations", { body: both(3, 8) });
    expectRefusal(over, { status: 409, message: refused("VCPU", CAPACITY, own) });
    expect((await api.request("POST", "/allocations", { body: both(3, 7) })).status).toBe(204);
    expect(await readUsages(api, own)).toEqual({ VCPU: 10 });
  });
});
