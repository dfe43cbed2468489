/** The aggregates of a provider. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Api, startApi } from "../support/api.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { makeProvider, readProvider } from "../support/world.ts";

let api: Api;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const path = (uuid: string) => `/resource_providers/${uuid}/aggregates`;
const get = (uuid: string, version = "1.39") => api.request("GET", path(uuid), { version });
const put = (uuid: string, body: unknown, version = "1.39") =>
  api.request("PUT", path(uuid), { body, version });

test("up to 1.18 it is a list, and no generation rises", async () => {
  const uuid = await makeProvider(api);
  const given = [randomUUID(), randomUUID()];
  for (const version of ["1.1", "1.18"]) {
    const answer = await put(uuid, given, version);
    expect([answer.status, answer.body]).toEqual([200, { aggregates: given }]);
    expect((await get(uuid, version)).body).toEqual({ aggregates: given });
  }
  expect((await readProvider(api, uuid)).generation).toBe(0);
  expectRefusal(await put(uuid, { aggregates: [], resource_provider_generation: 0 }, "1.18"), {
    status: 400,
    code: null,
    message: /is not of type 'array'/,
  });
});

test("from 1.19 it has the generation, which always rises", async () => {
  const uuid = await makeProvider(api);
  const aggregates = [randomUUID()];
  for (const generation of [0, 1, 2]) {
    const body = { aggregates, resource_provider_generation: generation };
    const after = { aggregates, resource_provider_generation: generation + 1 };
    const answer = await put(uuid, body, "1.19");
    expect([answer.status, answer.body]).toEqual([200, after]);
    expect((await get(uuid)).body).toEqual(after);
  }
  expectRefusal(await put(uuid, aggregates, "1.19"), { status: 400, code: null });
  const stale = await put(uuid, { aggregates, resource_provider_generation: 1 });
  expectRefusal(stale, {
    status: 409,
    code: "placement.concurrent_update",
    message:
      "Resource provider's generation already changed. Please update the generation and try again.",
  });
});

test("they answer in the order in which they were given", async () => {
  const uuid = await makeProvider(api);
  const aggregates = Array.from({ length: 20 }, () => randomUUID());
  await put(uuid, { aggregates, resource_provider_generation: 0 });
  expect((await get(uuid)).body.aggregates).toEqual(aggregates);
  await put(uuid, { aggregates: [], resource_provider_generation: 1 });
  expect((await get(uuid)).body).toEqual({ aggregates: [], resource_provider_generation: 2 });
});

test("repeats and what is no uuid are refused", async () => {
  const uuid = await makeProvider(api);
  const twice = randomUUID();
  const of = (...aggregates: unknown[]) => ({ aggregates, resource_provider_generation: 0 });
  expectRefusal(await put(uuid, of(twice, twice)), {
    status: 400,
    message: /has non-unique elements/,
  });
  expectRefusal(await put(uuid, of("mine")), { status: 400, message: /'mine' is not a 'uuid'/ });
  expectRefusal(await put(uuid, of(twice, 5)), {
    status: 400,
    message: /5 is not of type 'string'/,
  });
});

test("an unknown provider is 404, also with a bad body", async () => {
  const uuid = randomUUID();
  const message = `No resource provider with uuid ${uuid} found`;
  expectRefusal(await get(uuid), { status: 404, message });
  for (const body of [{ aggregates: [], resource_provider_generation: 0 }, {}]) {
    expectRefusal(await put(uuid, body), { status: 404, message });
  }
});
