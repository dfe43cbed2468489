/** What is held of one provider: its allocations and its usages. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { claim, makeProvider } from "../support/world.ts";

const api = useApi();

const get = (uuid: string, what: string, version = "1.39") =>
  api.request("GET", `/resource_providers/${uuid}/${what}`, { version });

test("allocations by consumer, with the consumers' generations from 1.28", async () => {
  const uuid = await makeProvider(api, { VCPU: 10, MEMORY_MB: 10 });
  const empty = { allocations: {}, resource_provider_generation: 1 };
  expect((await get(uuid, "allocations", "1.0")).body).toEqual(empty);
  const [a, b] = [randomUUID(), randomUUID()];
  await claim(api, a, { [uuid]: { VCPU: 1, MEMORY_MB: 2 } });
  await claim(api, b, { [uuid]: { VCPU: 3 } });
  await claim(api, b, { [uuid]: { VCPU: 4 } }, 1);
  const resources = { [a]: { VCPU: 1, MEMORY_MB: 2 }, [b]: { VCPU: 4 } };
  expect((await get(uuid, "allocations", "1.27")).body).toEqual({
    allocations: { [a]: { resources: resources[a] }, [b]: { resources: resources[b] } },
    resource_provider_generation: 4,
  });
  expect((await get(uuid, "allocations", "1.28")).body).toEqual({
    allocations: {
      [a]: { resources: resources[a], consumer_generation: 1 },
      [b]: { resources: resources[b], consumer_generation: 2 },
    },
    resource_provider_generation: 4,
  });
});

test("usages of every class with inventory, zeros too, in the order of the standard list", async () => {
  const uuid = await makeProvider(api, { DISK_GB: 10, MEMORY_MB: 10, VCPU: 10 });
  await claim(api, randomUUID(), { [uuid]: { MEMORY_MB: 7 } });
  const { status, body } = await get(uuid, "usages", "1.0");
  expect(status).toBe(200);
  expect(body).toEqual({
    resource_provider_generation: 2,
    usages: { VCPU: 0, MEMORY_MB: 7, DISK_GB: 0 },
  });
  expect(Object.keys(body.usages)).toEqual(["VCPU", "MEMORY_MB", "DISK_GB"]);
  const none = await makeProvider(api);
  expect((await get(none, "usages")).body).toEqual({ resource_provider_generation: 0, usages: {} });
});

test("an unknown provider is 404, each in its own words", async () => {
  const uuid = randomUUID();
  const sentence = `No resource provider with uuid ${uuid} found`;
  const usages = await get(uuid, "usages");
  expectRefusal(usages, { status: 404, message: `${sentence}: ${sentence}` });
  const allocations = await get(uuid, "allocations");
  const message = `Resource provider '${uuid}' not found: ${sentence}`;
  expectRefusal(allocations, { status: 404, message });
});
