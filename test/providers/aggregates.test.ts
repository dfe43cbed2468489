/** The aggregates of a provider. */

import { randomUUID } from "node:crypto";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { uuidToBytes } from "../../lib/model/uuid.ts";
import { profileKey } from "../../lib/store/items/profile.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { uuidOf } from "../support/uuids.ts";
import { makeProvider, readProvider } from "../support/world.ts";

const api = useApi();

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

describe("a spelling", () => {
  const [ONE, TWO] = [
    "abcdefab-cdef-4bcd-8fab-cdefabcdef01",
    "abcdefab-cdef-4bcd-8fab-cdefabcdef02",
  ] as const;
  const undashed = (uuid: string) => uuid.replaceAll("-", "");

  test("is shown as it was written, at every version", async () => {
    const uuid = await makeProvider(api);
    const given = [undashed(ONE), TWO.toUpperCase(), `{${randomUUID()}}`, randomUUID()];
    expect((await put(uuid, given, "1.1")).body).toEqual({ aggregates: given });
    expect((await get(uuid, "1.1")).body).toEqual({ aggregates: given });
    const answer = await put(uuid, { aggregates: given, resource_provider_generation: 0 });
    expect(answer.body).toEqual({ aggregates: given, resource_provider_generation: 1 });
    expect((await get(uuid)).body).toEqual({ aggregates: given, resource_provider_generation: 1 });
  });

  test("of an aggregate that is written anew is the new one", async () => {
    const uuid = await makeProvider(api);
    for (const given of [[undashed(ONE), TWO], [TWO, ONE], [ONE.toUpperCase()], [], [ONE]]) {
      await put(uuid, given, "1.18");
      expect((await get(uuid)).body.aggregates).toEqual(given);
    }
  });

  test("is left as it is by every other change of the provider", async () => {
    const uuid = await makeProvider(api, { VCPU: 4 });
    const given = [undashed(ONE)];
    await put(uuid, given, "1.18");
    const body = { name: randomUUID() };
    await api.request("PUT", `/resource_providers/${uuid}`, { body });
    const traits = { resource_provider_generation: 1, traits: ["HW_CPU_X86_AVX"] };
    await api.request("PUT", `/resource_providers/${uuid}/traits`, { body: traits });
    expect((await get(uuid)).body.aggregates).toEqual(given);
  });

  test("beside another one of the same uuid is one aggregate, shown as it came first", async () => {
    const uuid = await makeProvider(api);
    const answer = await put(uuid, [undashed(ONE), TWO, ONE, ONE.toUpperCase()], "1.1");
    expect(answer.body).toEqual({ aggregates: [undashed(ONE), TWO] });
    expect((await get(uuid, "1.1")).body).toEqual({ aggregates: [undashed(ONE), TWO] });
  });

  test("that an earlier release has left behind, or that is none, is ignored", async () => {
    const uuid = await makeProvider(api);
    await put(uuid, [undashed(ONE), undashed(TWO)], "1.1");
    const { pk, sk } = profileKey(uuid);
    const write = (UpdateExpression: string, value: unknown) =>
      api.client.send(
        new UpdateCommand({
          TableName: api.tableName,
          Key: { pk, sk },
          UpdateExpression,
          ExpressionAttributeValues: { ":v": value },
        }),
      );
    // A release that knows no spellings has written other aggregates.
    const other = uuidOf("abcdefab-cdef-4bcd-8fab-cdefabcdef03");
    await write("SET a = :v", Buffer.concat([other, uuidOf(TWO)].map(uuidToBytes)));
    expect((await get(uuid, "1.1")).body).toEqual({ aggregates: [other, undashed(TWO)] });
    for (const odd of ["text", 7, [7, null, "nothing"], {}]) {
      await write("SET s = :v", odd);
      expect((await get(uuid, "1.1")).body).toEqual({ aggregates: [other, TWO] });
    }
  });
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
