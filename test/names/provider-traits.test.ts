/** The traits of one provider. */
import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { makeProvider, readProvider } from "../support/world.ts";

const AVX = "HW_CPU_X86_AVX";
const api = useApi();

beforeAll(async () => {
  await api.request("PUT", "/traits/CUSTOM_A");
});

const path = (uuid: string) => `/resource_providers/${uuid}/traits`;

const put = (uuid: string, traits: unknown, generation: number, version = "1.39") => {
  const body = { traits, resource_provider_generation: generation };
  return api.request("PUT", path(uuid), { body, version });
};

test("are replaced with the provider's generation, which rises", async () => {
  const uuid = await makeProvider(api);
  const none = { traits: [], resource_provider_generation: 0 };
  expect((await api.request("GET", path(uuid), { version: "1.6" })).body).toEqual(none);
  const answer = await put(uuid, [AVX, "CUSTOM_A"], 0, "1.6");
  expect(answer.status).toBe(200);
  expect(answer.body.traits.toSorted()).toEqual(["CUSTOM_A", AVX]);
  expect(answer.body.resource_provider_generation).toBe(1);
  expect((await api.request("GET", path(uuid))).body).toEqual(answer.body);
  expect((await put(uuid, [AVX], 1)).body).toEqual({
    traits: [AVX],
    resource_provider_generation: 2,
  });
});

test("the generation rises on a real change only", async () => {
  const uuid = await makeProvider(api);
  await put(uuid, [AVX, "CUSTOM_A"], 0);
  const same = await put(uuid, ["CUSTOM_A", AVX, AVX], 1);
  expect([same.status, same.body.resource_provider_generation]).toEqual([200, 1]);
  expect((await api.request("DELETE", path(uuid))).status).toBe(204);
  expect((await readProvider(api, uuid)).generation).toBe(2);
  expect((await api.request("DELETE", path(uuid))).status).toBe(204);
  expect((await readProvider(api, uuid)).generation).toBe(2);
});

test("a stale generation comes before unknown traits", async () => {
  const uuid = await makeProvider(api);
  for (const generation of [1, -1, 1e300]) {
    expectRefusal(await put(uuid, ["CUSTOM_NONE"], generation), {
      status: 409,
      code: "placement.concurrent_update",
      message:
        "Resource provider's generation already changed. Please update the generation and try again.",
    });
  }
});

test("a trait that does not exist is 400, and only its length is checked", async () => {
  const uuid = await makeProvider(api);
  for (const name of ["CUSTOM_NONE", "anything goes", "é", "X".repeat(255)]) {
    const message = `No such trait ${name}`;
    expectRefusal(await put(uuid, [AVX, name], 0), { status: 400, message });
  }
  for (const name of ["", "X".repeat(256)]) {
    const message = /schema\['properties'\]\['traits'\]\['items'\]/;
    expectRefusal(await put(uuid, [name], 0), { status: 400, message });
  }
});

test("an unknown provider is 404, said twice by GET, and after a bad body by PUT", async () => {
  const uuid = randomUUID();
  const sentence = `No resource provider with uuid ${uuid} found`;
  const get = await api.request("GET", path(uuid));
  expectRefusal(get, { status: 404, message: `${sentence}: ${sentence}` });
  expectRefusal(await put(uuid, [AVX], 0), { status: 404, message: sentence });
  const removed = await api.request("DELETE", path(uuid));
  expectRefusal(removed, { status: 404, message: sentence });
  expectRefusal(await put(uuid, "none", 0), { status: 400, message: /is not of type 'array'/ });
});

test("traits are as exactly theirs as of any other provider", async () => {
  const [a, b] = [await makeProvider(api), await makeProvider(api)];
  await put(a, [AVX], 0);
  await put(b, ["CUSTOM_A"], 0);
  const shown = [a, b].map(async (uuid) => (await api.request("GET", path(uuid))).body.traits);
  expect(await Promise.all(shown)).toEqual([[AVX], ["CUSTOM_A"]]);
});
