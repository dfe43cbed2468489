/** Inventories of a provider that the same process wrote last: they rely on nothing that others changed. */
import { randomUUID } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { useFaulty } from "../support/frame.ts";
import { historyOf, type ShownEvent } from "../support/history.ts";
import { claim, makeProvider, putInventories, type Requester, release } from "../support/world.ts";

const faulty = useFaulty({ repeats: "attempts" });
let provider: string;

beforeEach(async () => {
  provider = await makeProvider(faulty.api, { VCPU: 1 });
});

const path = (resourceClass = "") =>
  `/resource_providers/${provider}/inventories${resourceClass === "" ? "" : `/${resourceClass}`}`;

const post = ({ request }: Requester, resourceClass: string, total = 4) =>
  request("POST", path(), { body: { resource_class: resourceClass, total } });

const put = ({ request }: Requester, generation: number, totals: Record<string, number>) => {
  const inventories = Object.entries(totals).map(([name, total]) => [name, { total }]);
  const body = {
    inventories: Object.fromEntries(inventories),
    resource_provider_generation: generation,
  };
  return request("PUT", path(), { body });
};

const putOne = ({ request }: Requester, generation: number, name: string, total: number) =>
  request("PUT", path(name), { body: { total, resource_provider_generation: generation } });

const remove = ({ request }: Requester, name = "") => request("DELETE", path(name));

/** The status of a request to the server that has written the provider before, and its reads. */
async function reading(send: () => Promise<{ status: number }>) {
  let reads = 0;
  faulty.interpose((call) => {
    if (call.command.endsWith("Get")) reads += 1;
    return call.send();
  });
  const { status } = await send();
  faulty.interpose(undefined);
  return { status, reads };
}

async function shown(): Promise<[generation: number, totals: Record<string, number>]> {
  const { body } = await faulty.sound.request("GET", path());
  const inventories = Object.entries(body.inventories as Record<string, { total: number }>);
  const totals = Object.fromEntries(inventories.map(([name, { total }]) => [name, total]));
  return [body.resource_provider_generation, totals];
}

const told = async (): Promise<ShownEvent[]> => [
  ...(await historyOf(faulty.sound, "resource_providers", provider)),
];

test("they read nothing", async () => {
  const { api } = faulty;
  expect(await reading(() => post(api, "PCPU"))).toEqual({ status: 201, reads: 0 });
  expect(await reading(() => putOne(api, 2, "PCPU", 5))).toEqual({ status: 200, reads: 0 });
  expect(await reading(() => remove(api, "PCPU"))).toEqual({ status: 204, reads: 0 });
  expect(await reading(() => put(api, 4, { DISK_GB: 7 }))).toEqual({ status: 200, reads: 0 });
  expect(await shown()).toEqual([5, { DISK_GB: 7 }]);
  expect(await reading(() => remove(api))).toEqual({ status: 204, reads: 0 });
  expect(await shown()).toEqual([6, {}]);
  const steps = (await told()).map((each) => [each.generation_before, each.generation_after]);
  expect(steps).toEqual([
    [null, 0],
    ...[0, 1, 2, 3, 4, 5].map((generation) => [generation, generation + 1]),
  ]);
});

test("a refusal is told of what is read", async () => {
  const { api, sound } = faulty;
  expect((await remove(sound, "VCPU")).status).toBe(204);
  // This process knows an inventory that another one has removed, and not the one that it made.
  expect((await post(api, "VCPU", 3)).status).toBe(201);
  expect(await shown()).toEqual([3, { VCPU: 3 }]);
  expect((await post(sound, "PCPU")).status).toBe(201);
  expect((await post(api, "PCPU")).status).toBe(409);
  expect((await remove(api, "PCPU")).status).toBe(204);
  expect((await remove(api, "PCPU")).status).toBe(404);
});

test("of a generation that is not the client's they are read", async () => {
  const { api, sound } = faulty;
  expect(await reading(() => put(api, 0, { VCPU: 2 }))).toEqual({ status: 409, reads: 1 });
  await putInventories(sound, provider, 1, { VCPU: 8 });
  expect((await putOne(api, 1, "VCPU", 9)).status).toBe(409);
  expect((await putOne(api, 2, "VCPU", 9)).status).toBe(200);
  expect(await shown()).toEqual([3, { VCPU: 9 }]);
});

test("what is claimed since then stays", async () => {
  const { api, sound } = faulty;
  const consumer = randomUUID();
  expect((await claim(sound, consumer, { [provider]: { VCPU: 1 } })).status).toBe(204);
  expect((await remove(api, "VCPU")).status).toBe(409);
  expect((await post(api, "PCPU")).status).toBe(201);
  expect((await put(api, 3, { PCPU: 1 })).status).toBe(409);
  expect((await remove(api)).status).toBe(409);
  expect(await shown()).toEqual([3, { PCPU: 4, VCPU: 1 }]);
  // A release leaves the generation as it is.
  expect((await putOne(api, 3, "PCPU", 5)).status).toBe(200);
  expect((await release(sound, consumer)).status).toBe(204);
  expect((await remove(api, "VCPU")).status).toBe(204);
  expect(await shown()).toEqual([5, { PCPU: 5 }]);
});

const deleted = async () =>
  (await faulty.sound.request("DELETE", `/resource_providers/${provider}`)).status;

test("a provider that another process has deleted is not there", async () => {
  expect(await deleted()).toBe(204);
  expect((await post(faulty.api, "PCPU")).status).toBe(404);
});

test("a provider that another process has deleted and made anew is another one", async () => {
  const { api, sound } = faulty;
  expect(await deleted()).toBe(204);
  const body = { name: `again-${provider}`, uuid: provider };
  expect((await sound.request("POST", "/resource_providers", { body })).status).toBe(200);
  await putInventories(sound, provider, 0, { DISK_GB: 2 });
  // What this process knows of the first one is what is wanted.
  expect((await put(api, 1, { VCPU: 1 })).status).toBe(200);
  expect(await shown()).toEqual([2, { VCPU: 1 }]);
  const last = (await told()).find(({ generation_after }) => generation_after === 2);
  expect(Object.keys(last?.changes["inventories"]?.before ?? {})).toEqual(["DISK_GB"]);
});
