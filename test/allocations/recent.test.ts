/** A release of what the same process wrote last: it needs no read, and relies on nothing that others changed. */
import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { useFaulty } from "../support/frame.ts";
import { historyOf, steps } from "../support/history.ts";
import { claim, claimBody, makeProvider, readUsages, release } from "../support/world.ts";

const faulty = useFaulty({ repeats: "attempts" });
let host: string;
let other: string;

beforeAll(async () => {
  host = await makeProvider(faulty.api, { VCPU: 100 });
  other = await makeProvider(faulty.api, { VCPU: 100 });
});

/** The calls of a release by the server that claimed. */
async function releasing(consumer: string) {
  const calls: string[] = [];
  faulty.interpose(async (call) => {
    calls.push(call.command);
    return call.send();
  });
  const { status } = await release(faulty.api, consumer);
  faulty.interpose(undefined);
  return { status, calls };
}

async function claimed(): Promise<string> {
  const consumer = randomUUID();
  expect((await claim(faulty.api, consumer, { [host]: { VCPU: 3 } })).status).toBe(204);
  return consumer;
}

const used = async () =>
  Promise.all([host, other].map(async (each) => (await readUsages(faulty.sound, each)).VCPU));

test("it reads nothing", async () => {
  const consumer = await claimed();
  const { status, calls } = await releasing(consumer);
  expect(status).toBe(204);
  expect(calls).toContain("TransactWrite");
  expect(calls).not.toContain("Get");
  expect(await releasing(consumer)).toMatchObject({ status: 404, calls: ["Get"] });
  expect(await used()).toEqual([0, 0]);
});

test("what another process has moved meanwhile is released where it is now", async () => {
  const consumer = await claimed();
  const moved = await claim(faulty.sound, consumer, { [other]: { VCPU: 5 } }, 1);
  expect(moved.status).toBe(204);
  expect(await used()).toEqual([0, 5]);
  expect((await releasing(consumer)).status).toBe(204);
  expect(await used()).toEqual([0, 0]);
  expect(steps(await historyOf(faulty.sound, "consumers", consumer)).at(-1)).toBe(
    "allocation.delete 2>null",
  );
});

test("what another process has released meanwhile is not there", async () => {
  const consumer = await claimed();
  expect((await release(faulty.sound, consumer)).status).toBe(204);
  expect((await releasing(consumer)).status).toBe(404);
});

test("what another process has released and claimed anew is released", async () => {
  const consumer = await claimed();
  await release(faulty.sound, consumer);
  await claim(faulty.sound, consumer, { [other]: { VCPU: 2 } });
  expect((await releasing(consumer)).status).toBe(204);
  expect(await used()).toEqual([0, 0]);
});

test("a lease that was renewed meanwhile leaves nothing", async () => {
  const consumer = randomUUID();
  const given = await faulty.api.request("PUT", `/allocations/${consumer}`, {
    body: claimBody({ [host]: { VCPU: 1 } }, null),
    headers: { "placement-lease": "60" },
  });
  expect(given.status).toBe(204);
  const renewed = await faulty.sound.request("PUT", `/consumers/${consumer}/lease`, {
    body: { seconds: 600 },
  });
  expect(renewed.status).toBe(200);
  expect((await releasing(consumer)).status).toBe(204);
  const items = await faulty.sound.items();
  expect(items.filter(({ pk, sk }) => pk.startsWith("LEASE#") && sk.includes(consumer))).toEqual(
    [],
  );
});

test("of a refused claim nothing is kept", async () => {
  const consumer = randomUUID();
  expect((await claim(faulty.api, consumer, { [host]: { VCPU: 1_000 } })).status).toBe(409);
  expect((await releasing(consumer)).status).toBe(404);
});
