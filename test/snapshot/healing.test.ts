/** Changes that shard logs lack are read later: after a maximum age, and after a restore. */
import { randomUUID } from "node:crypto";
import { DeleteCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { hotKey } from "../../lib/store/items/hot.ts";
import { profileKey } from "../../lib/store/items/profile.ts";
import { shardOf } from "../../lib/store/items/shard.ts";
import { isLogAppend, logOfProvider } from "../support/shard-logs.ts";
import { startWarm, type Warm } from "../support/warm.ts";
import { claim, makeProvider } from "../support/world.ts";

const MAX_AGE = 60_000;
let warm: Warm;
let provider: Uuid;

beforeEach(async () => {
  warm = await startWarm();
  provider = await makeProvider(warm.writer, { VCPU: 1_000 });
  await warm.exactView();
});
afterEach(() => warm.close());

const denied = () =>
  Object.assign(new Error("denied"), {
    name: "AccessDeniedException",
    $metadata: { httpStatusCode: 400 },
  });
const used = async () =>
  (await warm.view()).find(shardOf(provider), provider)?.state.inventories.get(0)?.used;

async function claimWithoutAppend(): Promise<void> {
  warm.holdWriter((call) => (isLogAppend(call) ? Promise.reject(denied()) : call.send()));
  const answer = await claim(warm.writer, randomUUID(), { [provider]: { VCPU: 1 } });
  expect(answer.status).toBe(204);
  warm.holdWriter(undefined);
}

test("a change that could not be appended to its shard log is seen within 60 seconds", async () => {
  await claimWithoutAppend();
  expect(await used()).toBe(0);
  warm.clock.pass(MAX_AGE + 1);
  expect(await used()).toBe(1);
  await warm.exactView();
});

test("however often the function looks meanwhile", async () => {
  await claimWithoutAppend();
  for (let second = 0; second <= 60; second += 1) {
    await warm.view();
    warm.clock.pass(1_000);
  }
  expect(await used()).toBe(1);
});

test("a function that was suspended for a day reads everything before its first answer", async () => {
  await claimWithoutAppend();
  await makeProvider(warm.writer, { VCPU: 1 });
  warm.clock.pass(24 * 3_600_000);
  await warm.exactView();
});

test("a clock that was set back proves no age", async () => {
  await claimWithoutAppend();
  warm.clock.pass(-MAX_AGE);
  await warm.exactView();
});

test("a full reading takes profiles only where their versions moved", async () => {
  warm.clock.pass(MAX_AGE + 1);
  warm.reads();
  await warm.exactView();
  // The shard logs, the table's format and the counter of large changes beside the shards.
  expect(warm.reads().counts).toEqual({ Query: 32, BatchGet: 1, Get: 2 });
});

test("a provider that was deleted without an append is forgotten by the full read", async () => {
  warm.holdWriter((call) => (isLogAppend(call) ? Promise.reject(denied()) : call.send()));
  await warm.writer.request("DELETE", `/resource_providers/${provider}`);
  warm.holdWriter(undefined);
  warm.clock.pass(MAX_AGE + 1);
  expect((await warm.exactView()).providers()).toEqual([]);
});

test.each(["absent", "older"])(
  "a shard log that is %s means a restored table: everything is read again",
  async (how) => {
    await claim(warm.writer, randomUUID(), { [provider]: { VCPU: 1 } });
    await warm.exactView();
    const { client, tableName: TableName } = warm.writer;
    const Key = logOfProvider(provider);
    // The same versions with other content, as they come about after a restore.
    const name = { ExpressionAttributeNames: { "#n": "n" } };
    await client.send(
      new UpdateCommand({
        TableName,
        Key: profileKey(provider),
        UpdateExpression: "SET #n = :n",
        ...name,
        ExpressionAttributeValues: { ":n": "restored" },
      }),
    );
    if (how === "absent") await client.send(new DeleteCommand({ TableName, Key }));
    else {
      const Item = { ...Key, n: 1, b: 1, m: {} };
      await client.send(new PutCommand({ TableName, Item }));
    }
    const view = await warm.exactView();
    expect(view.find(shardOf(provider), provider)?.profile.name).toBe("restored");
  },
);

test("two items of a provider that were seen at different versions are read again", async () => {
  const { generation } = (await warm.writer.request("GET", `/resource_providers/${provider}`)).body;
  const traits = (names: readonly string[], at: number) =>
    warm.writer.request("PUT", `/resource_providers/${provider}/traits`, {
      body: { resource_provider_generation: at, traits: names },
    });
  await traits(["HW_CPU_X86_VMX"], generation);
  let between = 0;
  warm.holdReader(async (call) => {
    const isProfile = call.keys.some(({ sk }) => sk === profileKey(provider).sk);
    if (call.command === "BatchGet" && isProfile && between < 3) {
      between += 1;
      await traits(between % 2 === 0 ? ["HW_CPU_X86_VMX"] : [], generation + between);
    }
    return call.send();
  });
  const view = await warm.view();
  expect(between).toBe(3);
  const seen = view.find(shardOf(provider), provider);
  expect(seen?.state.profileVersion).toBe(seen?.profile.version);
  warm.holdReader(undefined);
  await warm.exactView();
});

test("a provider that goes between the readings of its two items is no provider", async () => {
  const doomed = await makeProvider(warm.writer);
  warm.holdReader(async (call) => {
    const isProfile = call.keys.some(({ sk }) => sk === profileKey(doomed).sk);
    if (call.command === "BatchGet" && isProfile) {
      await warm.writer.request("DELETE", `/resource_providers/${doomed}`);
    }
    return call.send();
  });
  expect((await warm.view()).find(shardOf(doomed), doomed)).toBeUndefined();
  expect(hotKey(doomed).pk).toBe(profileKey(doomed).pk);
});
