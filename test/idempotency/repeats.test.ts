/** A write that is repeated under its key is answered as the first time, and done once. */
import { randomUUID } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import { everyWrite, sendStep } from "../support/every-write.ts";
import { useApi } from "../support/frame.ts";
import { isReplayed, keptIn, keyed, largeBody, told, withoutShardLogs } from "../support/keyed.ts";
import { claim, detailOf, makeProvider, putInventories, readUsages } from "../support/world.ts";

// Some walk through every write, one after the other.
vi.setConfig({ testTimeout: 120_000 });

const api = useApi();

test("every write is answered alike the second time, and not done again", async () => {
  const provider = await makeProvider(api, { VCPU: 100 });
  for (const step of everyWrite(provider)) {
    const headers = keyed(randomUUID());
    const first = await sendStep(api, step, headers);
    expect(first.status, `${step.what}: ${JSON.stringify(first.body)}`).toBe(step.status);
    expect(isReplayed(first), step.what).toBe(false);
    const before = withoutShardLogs(await api.items());
    const second = await sendStep(api, step, headers);
    expect(withoutShardLogs(await api.items()), step.what).toEqual(before);
    if (first.status < 300) {
      expect(told(second), step.what).toEqual(told(first));
      expect(isReplayed(second), step.what).toBe(true);
    } else {
      expect(second.status, step.what).toBe(first.status);
      expect(isReplayed(second), step.what).toBe(false);
    }
  }
  expect(await readUsages(api, provider)).toEqual({ VCPU: 0 });
});

test("a uuid that the server made is given again", async () => {
  for (const [path, body] of [
    ["/consumers", { project_id: "p", user_id: "u" }],
    ["/resource_providers", { name: `made-${randomUUID()}` }],
  ] as const) {
    const headers = keyed(randomUUID());
    const first = await api.request("POST", path, { body, headers });
    const second = await api.request("POST", path, { body, headers });
    expect(first.body.uuid).toMatch(/^[0-9a-f-]{36}$/);
    expect(told(second)).toEqual(told(first));
  }
});

test("a creation below 1.20 names the first uuid in its Location again", async () => {
  const headers = keyed(randomUUID());
  const given = { body: { name: `made-${randomUUID()}` }, headers, version: "1.0" };
  const first = await api.request("POST", "/resource_providers", given);
  const second = await api.request("POST", "/resource_providers", given);
  expect(first.status).toBe(201);
  expect(first.headers.location).toMatch(/\/resource_providers\/[0-9a-f-]{36}$/);
  expect(told(second)).toEqual(told(first));
});

test("a record tells when it ends, and not what the key is", async () => {
  const provider = await makeProvider(api, { VCPU: 1 });
  const before = keptIn(await api.items());
  const start = Math.floor(Date.now() / 1_000);
  await claim(api, randomUUID(), { [provider]: { VCPU: 1 } }, null, { headers: keyed("one") });
  const [record] = keptIn(await api.items()).filter(
    ({ pk }) => !before.some((each) => each.pk === pk),
  );
  const day = 24 * 3_600;
  expect(record?.["ttl"]).toBeGreaterThanOrEqual(start + day);
  expect(record?.["ttl"]).toBeLessThanOrEqual(Math.ceil(Date.now() / 1_000) + day);
  expect(JSON.stringify(record)).not.toContain("one");
});

describe("what changes nothing", () => {
  test("is answered alike after others have changed it", async () => {
    const provider = await makeProvider(api);
    const at = `/resource_providers/${provider}/traits`;
    const headers = keyed(randomUUID());
    const body = { traits: [], resource_provider_generation: 0 };
    const first = await api.request("PUT", at, { body, headers });
    const other = { traits: ["HW_CPU_X86_VMX"], resource_provider_generation: 0 };
    expect((await api.request("PUT", at, { body: other })).status).toBe(200);
    const second = await api.request("PUT", at, { body, headers });
    expect(first.status).toBe(200);
    expect(told(second)).toEqual(told(first));
    expect((await api.request("PUT", at, { body })).status).toBe(409);
  });
});

describe("a change of more than one transaction", () => {
  test("keeps its answer as a part of it", async () => {
    const providers = [
      await makeProvider(api, { VCPU: 90 }),
      await makeProvider(api, { VCPU: 90 }),
    ];
    const body = largeBody(providers);
    const headers = keyed(randomUUID());
    const first = await api.request("POST", "/allocations", { body, headers });
    expect(first.status, JSON.stringify(first.body)).toBe(204);
    const before = withoutShardLogs(await api.items());
    const second = await api.request("POST", "/allocations", { body, headers });
    expect(told(second)).toEqual(told(first));
    expect(isReplayed(second)).toBe(true);
    expect(withoutShardLogs(await api.items())).toEqual(before);
    expect(await readUsages(api, providers[0] ?? "")).toEqual({ VCPU: 40 });
    expect((await api.request("POST", "/allocations", { body })).status).toBe(409);
  });

  test("keeps none when it is refused", async () => {
    const providers = [await makeProvider(api, { VCPU: 90 }), await makeProvider(api, { VCPU: 5 })];
    const body = largeBody(providers);
    const headers = keyed(randomUUID());
    const refused = await api.request("POST", "/allocations", { body, headers });
    expect(refused.status).toBe(409);
    await putInventories(api, providers[1] ?? "", 1, { VCPU: 90 });
    const second = await api.request("POST", "/allocations", { body, headers });
    expect(second.status).toBe(204);
    expect(isReplayed(second)).toBe(false);
  });
});

test("a refusal is not kept: it is decided anew", async () => {
  const provider = await makeProvider(api, { VCPU: 1 });
  const consumer = randomUUID();
  const headers = keyed(randomUUID());
  const send = () => claim(api, consumer, { [provider]: { VCPU: 2 } }, null, { headers });
  expect((await send()).status).toBe(409);
  await putInventories(api, provider, 1, { VCPU: 2 });
  expect((await send()).status).toBe(204);
  expect(isReplayed(await send())).toBe(true);
  expect(await readUsages(api, provider)).toEqual({ VCPU: 2 });
});

test("an answer that is too large to be kept is refused, and nothing is written", async () => {
  const provider = await makeProvider(api);
  const at = `/resource_providers/${provider}/aggregates`;
  const aggregates = Array.from({ length: 7_800 }, randomUUID);
  const body = { aggregates, resource_provider_generation: 0 };
  const before = await api.items();
  const refused = await api.request("PUT", at, { body, headers: keyed(randomUUID()) });
  expect(refused.status).toBe(400);
  expect(detailOf(refused)).toContain("are kept under an Idempotency-Key");
  expect(await api.items()).toEqual(before);
  expect((await api.request("PUT", at, { body })).status).toBe(200);
});

test("a read takes no notice of a key", async () => {
  const before = keptIn(await api.items());
  const first = await api.request("GET", "/traits", { headers: keyed("read") });
  const second = await api.request("GET", "/", { headers: keyed("read") });
  const third = await api.request("GET", "/traits", { headers: keyed(" ,") });
  expect([first.status, second.status, third.status]).toEqual([200, 200, 200]);
  expect(keptIn(await api.items())).toEqual(before);
});
