/** A write whose items are fulfilled already is acknowledged only once lists show them. */
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { shardOf } from "../../lib/store/items/shard.ts";
import { type Api, startApi } from "../support/api.ts";
import { isLogAppend, logEntryOf } from "../support/shard-logs.ts";
import { startWarm, type Warm } from "../support/warm.ts";
import { makeProvider } from "../support/world.ts";

let warm: Warm;
let other: Api;
let provider: Uuid;
let dropped: number;

beforeEach(async () => {
  warm = await startWarm();
  other = await startApi({ tableName: warm.writer.tableName });
  provider = await makeProvider(warm.writer, { VCPU: 1_000 });
  await warm.exactView();
  dropped = 0;
  // The first writer's function has not appended yet.
  warm.holdWriter((call) => {
    if (!isLogAppend(call)) return call.send();
    dropped += 1;
    return Promise.reject(
      Object.assign(new Error("denied"), { $metadata: { httpStatusCode: 400 } }),
    );
  });
});
afterEach(async () => {
  await other.close();
  await warm.close();
});

const shown = async () => (await warm.view()).find(shardOf(provider), provider);
const at = () => `/resource_providers/${provider}`;
const traits = (generation: number) => ({
  body: { traits: ["HW_CPU_X86_VMX"], resource_provider_generation: generation },
});

test.each([
  ["", {}],
  [" whose answer is kept", { "idempotency-key": randomUUID() }],
])(
  "traits that another function has just set are listed after a write of the same%s",
  async (_, headers) => {
    expect((await warm.writer.request("PUT", `${at()}/traits`, traits(1))).status).toBe(200);
    expect(dropped).toBeGreaterThan(0);
    expect((await shown())?.state.generation).toBe(1);
    const same = await other.request("PUT", `${at()}/traits`, { ...traits(2), headers });
    expect(same.status).toBe(200);
    expect((await shown())?.state.generation).toBe(2);
    await warm.exactView();
  },
);

test("so are none, after their removal", async () => {
  warm.holdWriter(undefined);
  await warm.writer.request("PUT", `${at()}/traits`, traits(1));
  await warm.exactView();
  warm.holdWriter((call) =>
    isLogAppend(call)
      ? Promise.reject(Object.assign(new Error("denied"), { $metadata: { httpStatusCode: 400 } }))
      : call.send(),
  );
  expect((await warm.writer.request("DELETE", `${at()}/traits`)).status).toBe(204);
  expect((await other.request("DELETE", `${at()}/traits`)).status).toBe(204);
  expect((await shown())?.profile.traits).toEqual([]);
  await warm.exactView();
});

test("so is a name, after a rename to the same", async () => {
  const rename = { body: { name: `renamed-${provider}` } };
  expect((await warm.writer.request("PUT", at(), rename)).status).toBe(200);
  expect((await shown())?.profile.name).not.toBe(rename.body.name);
  expect((await other.request("PUT", at(), rename)).status).toBe(200);
  expect((await shown())?.profile.name).toBe(rename.body.name);
  await warm.exactView();
});

test("a repeat of such a write appends once more", async () => {
  warm.holdWriter(undefined);
  await warm.writer.request("PUT", `${at()}/traits`, traits(1));
  const options = { ...traits(2), headers: { "idempotency-key": randomUUID() } };
  expect((await other.request("PUT", `${at()}/traits`, options)).status).toBe(200);
  const { version } = await logEntryOf(other, provider);
  const repeat = await other.request("PUT", `${at()}/traits`, options);
  expect(repeat.headers["idempotent-replayed"]).toBe("true");
  expect((await logEntryOf(other, provider)).version).toBe(version + 1);
});
