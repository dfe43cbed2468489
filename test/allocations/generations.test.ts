/** Which write raises whose generation, and what a stale one is answered. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import {
  claim,
  claimBody,
  makeProvider,
  putInventories,
  readClaim,
  readProvider,
  release,
} from "../support/world.ts";

const api = useApi();

const generationOf = async (uuid: string) => (await readProvider(api, uuid)).generation;

describe("a provider's generation", () => {
  /** By how much the generation rises while `act` runs. */
  async function rise(uuid: string, act: () => Promise<unknown>): Promise<number> {
    const before = await generationOf(uuid);
    await act();
    return (await generationOf(uuid)) - before;
  }

  test("rises by 1 with every allocation write that names it", async () => {
    const uuid = await makeProvider(api, { VCPU: 10 });
    const consumer = randomUUID();
    const held = { [uuid]: { VCPU: 1 } };
    expect(await rise(uuid, () => claim(api, consumer, held))).toBe(1);
    expect(await rise(uuid, () => claim(api, consumer, held, 1))).toBe(1);
    expect(await rise(uuid, () => claim(api, consumer, {}, 2))).toBe(1);
  });

  test("stays with a DELETE of allocations", async () => {
    const uuid = await makeProvider(api, { VCPU: 10 });
    const consumer = randomUUID();
    await claim(api, consumer, { [uuid]: { VCPU: 1 } });
    expect(await rise(uuid, () => release(api, consumer))).toBe(0);
  });

  test("rises only where a claim moves to", async () => {
    const [x, y] = [await makeProvider(api, { VCPU: 10 }), await makeProvider(api, { VCPU: 10 })];
    const consumer = randomUUID();
    await claim(api, consumer, { [x]: { VCPU: 1 } });
    const before = [await generationOf(x), await generationOf(y)];
    await claim(api, consumer, { [y]: { VCPU: 1 } }, 1);
    expect([await generationOf(x), await generationOf(y)]).toEqual([
      before[0],
      Number(before[1]) + 1,
    ]);
  });

  test("stays with a refused write", async () => {
    const uuid = await makeProvider(api, { VCPU: 10 });
    const held = { [uuid]: { VCPU: 11 } };
    expect(await rise(uuid, () => claim(api, randomUUID(), held))).toBe(0);
    expect(await rise(uuid, () => putInventories(api, uuid, 77, {}))).toBe(0);
  });

  test("does not stop a claim that was made with an older one", async () => {
    const uuid = await makeProvider(api, { VCPU: 10 });
    await Promise.all([1, 2, 3].map(() => claim(api, randomUUID(), { [uuid]: { VCPU: 1 } })));
    expect(await generationOf(uuid)).toBe(4);
    expect((await putInventories(api, uuid, 3, { VCPU: 20 })).status).toBe(409);
    expect((await putInventories(api, uuid, 4, { VCPU: 20 })).status).toBe(200);
  });
});

describe("a consumer's generation", () => {
  const conflict = (expected: string, got: string) => ({
    status: 409,
    code: "placement.concurrent_update",
    message: `consumer generation conflict - expected ${expected} but got ${got}`,
  });

  test("is 1 after the first write and rises by 1 with each", async () => {
    const uuid = await makeProvider(api, { VCPU: 10 });
    const consumer = randomUUID();
    for (const generation of [null, 1, 2, 3]) {
      const held = { [uuid]: { VCPU: 1 } };
      expect((await claim(api, consumer, held, generation)).status).toBe(204);
      expect((await readClaim(api, consumer))?.generation).toBe((generation ?? 0) + 1);
    }
  });

  test("has to be null for a new consumer and exact for another", async () => {
    const uuid = await makeProvider(api, { VCPU: 10 });
    const held = { [uuid]: { VCPU: 1 } };
    const consumer = randomUUID();
    expectRefusal(await claim(api, consumer, held, 5), conflict("null", "5"));
    expectRefusal(await claim(api, consumer, held, 0), conflict("null", "0"));
    await claim(api, consumer, held);
    expectRefusal(await claim(api, consumer, held, null), conflict("1", "None"));
    await claim(api, consumer, held, 1);
    await claim(api, consumer, held, 2);
    expectRefusal(await claim(api, consumer, held, 1), conflict("3", "1"));
    expectRefusal(await claim(api, consumer, {}, 1), conflict("3", "1"));
    for (const generation of [-1, 2 ** 53, 1e300]) {
      expect((await claim(api, consumer, held, generation)).status).toBe(409);
    }
  });

  test("begins anew after the consumer was emptied", async () => {
    const uuid = await makeProvider(api, { VCPU: 10 });
    const held = { [uuid]: { VCPU: 1 } };
    const consumer = randomUUID();
    await claim(api, consumer, held);
    expect((await claim(api, consumer, {}, 1)).status).toBe(204);
    expectRefusal(await claim(api, consumer, held, 1), conflict("null", "1"));
    expect((await claim(api, consumer, held, null)).status).toBe(204);
    expect((await readClaim(api, consumer))?.generation).toBe(1);
  });

  test("makes nothing of an empty first write", async () => {
    const before = await api.items();
    const consumer = randomUUID();
    expect((await claim(api, consumer, {}, null)).status).toBe(204);
    expect(await api.items()).toEqual(before);
    expect((await release(api, consumer)).status).toBe(404);
  });

  test("is not asked for below 1.28, and rises all the same", async () => {
    const uuid = await makeProvider(api, { VCPU: 10 });
    const consumer = randomUUID();
    const {
      consumer_generation: _,
      consumer_type: __,
      ...body
    } = claimBody({ [uuid]: { VCPU: 1 } }, null);
    for (const generation of [1, 2, 3]) {
      const answer = await api.request("PUT", `/allocations/${consumer}`, {
        body,
        version: "1.27",
      });
      expect(answer.status).toBe(204);
      expect((await readClaim(api, consumer))?.generation).toBe(generation);
    }
  });
});
