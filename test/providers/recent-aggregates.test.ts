/** New aggregates of a provider that the same process wrote last: they rely on nothing that others changed. */
import { beforeEach, expect, test } from "vitest";
import { useFaulty } from "../support/frame.ts";
import { historyOf } from "../support/history.ts";
import { makeProvider, putInventories, type Requester } from "../support/world.ts";

const [FIRST, SECOND, THIRD] = [1, 2, 3].map(
  (number) => `0d3f4c6f-9a6a-4f6b-8f5b-00000000000${number}`,
) as [string, string, string];

const faulty = useFaulty({ repeats: "attempts" });
let provider: string;

beforeEach(async () => {
  provider = await makeProvider(faulty.api, { VCPU: 1 });
});

const path = () => `/resource_providers/${provider}/aggregates`;

function replace({ request }: Requester, generation: number, ...aggregates: string[]) {
  const body = { aggregates, resource_provider_generation: generation };
  return request("PUT", path(), { body });
}

/** By the server that has written the provider before. */
async function replacing(generation: number, ...aggregates: string[]) {
  const calls: string[] = [];
  faulty.interpose(async (call) => {
    calls.push(call.command);
    return call.send();
  });
  const { status, body } = await replace(faulty.api, generation, ...aggregates);
  faulty.interpose(undefined);
  return { status, generation: body.resource_provider_generation, calls };
}

const shown = async () => (await faulty.sound.request("GET", path())).body;

/** The generations and aggregates of the events, as before > after. */
async function told() {
  const events = await historyOf(faulty.sound, "resource_providers", provider);
  return events
    .filter(({ event }) => event === "placement.aggregates.update")
    .map(({ generation_before, generation_after }) => `${generation_before}>${generation_after}`);
}

test("they read nothing", async () => {
  expect(await replacing(1, FIRST)).toMatchObject({ status: 200, generation: 2 });
  const { status, generation, calls } = await replacing(2, SECOND, THIRD);
  expect([status, generation]).toEqual([200, 3]);
  expect(calls).toContain("TransactWrite");
  expect(calls.filter((call) => call.endsWith("Get"))).toEqual([]);
  expect(await shown()).toEqual({
    aggregates: [SECOND, THIRD],
    resource_provider_generation: 3,
  });
  expect(await told()).toEqual(["1>2", "2>3"]);
});

test("of a generation that the client does not name they read it", async () => {
  await replacing(1, FIRST);
  const { status, calls } = await replacing(1, SECOND);
  expect(status).toBe(409);
  expect(calls).toContain("BatchGet");
  const older = await faulty.api.request("PUT", path(), { body: [SECOND], version: "1.18" });
  expect(older.status).toBe(200);
  expect(await shown()).toMatchObject({ aggregates: [SECOND], resource_provider_generation: 2 });
});

test("after a change of the inventories by another process they are refused", async () => {
  await replacing(1, FIRST);
  await putInventories(faulty.sound, provider, 2, { VCPU: 2 });
  expect((await replacing(2, SECOND)).status).toBe(409);
  expect(await shown()).toEqual({ aggregates: [FIRST], resource_provider_generation: 3 });
});

test("a name that another process has given stays", async () => {
  await replacing(1, FIRST);
  const name = `renamed-${provider}`;
  const renamed = await faulty.sound.request("PUT", `/resource_providers/${provider}`, {
    body: { name },
  });
  expect(renamed.status).toBe(200);
  expect(await replacing(2, SECOND)).toMatchObject({ status: 200, generation: 3 });
  const { body } = await faulty.sound.request("GET", `/resource_providers/${provider}`);
  expect(body).toMatchObject({ name, generation: 3 });
  expect(await told()).toEqual(["1>2", "2>3"]);
});

const deleted = async () =>
  (await faulty.sound.request("DELETE", `/resource_providers/${provider}`)).status;

test("a provider that another process has deleted is not there", async () => {
  await replacing(1, FIRST);
  expect(await deleted()).toBe(204);
  expect((await replacing(2, SECOND)).status).toBe(404);
});

test("a provider that another process has deleted and made anew is another one", async () => {
  await replacing(1, FIRST);
  expect(await deleted()).toBe(204);
  const body = { name: `again-${provider}`, uuid: provider };
  expect((await faulty.sound.request("POST", "/resource_providers", { body })).status).toBe(200);
  for (const generation of [0, 1]) await replace(faulty.sound, generation, THIRD);
  expect((await replacing(2, SECOND)).status).toBe(200);
  expect(await shown()).toEqual({ aggregates: [SECOND], resource_provider_generation: 3 });
});

test("of a refused change nothing is kept", async () => {
  expect((await replacing(7, FIRST)).status).toBe(409);
  expect(await replacing(1, SECOND)).toMatchObject({ status: 200, generation: 2 });
});
