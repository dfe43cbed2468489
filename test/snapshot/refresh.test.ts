/** A warm function reads what the shard logs name, and sees every acknowledged change. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { RESET_FROM } from "../../lib/store/cache/shard-log.ts";
import { hotKey } from "../../lib/store/items/hot.ts";
import { SHARDS, shardOf } from "../../lib/store/items/shard.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { logEntryOf, logOfProvider } from "../support/shard-logs.ts";
import { randomUuid } from "../support/uuids.ts";
import { startWarm, type Warm } from "../support/warm.ts";
import { claim, makeProvider, putInventories, readProvider, release } from "../support/world.ts";

let warm: Warm;
let providers: Uuid[];

beforeAll(async () => {
  warm = await startWarm();
  providers = [];
  // Shards large enough that one provider is not read as cheaply as all of them.
  for (let n = 0; n < 64; n += 1) providers.push(await makeProvider(warm.writer, { VCPU: 1_000 }));
});
afterAll(() => warm.close());

/** Uuids with the same shard log as `provider`. */
function neighbours(provider: Uuid, count: number): Uuid[] {
  const found: Uuid[] = [];
  while (found.length < count) {
    const uuid = randomUuid();
    if (logOfProvider(uuid).pk === logOfProvider(provider).pk) found.push(uuid);
  }
  return found;
}

/** As after a change of `provider`, whether there is one or not. */
async function raise(provider: Uuid): Promise<void> {
  const { runtime } = warm.writer;
  const deadline = runtime.clock.now() + 10_000;
  const store = runtime.openStore({ access: WRITING, deadline });
  expect(await store.appendToShardLogs([hotKey(provider)])).toBe(true);
}

const anyProvider = () => providers[0] as Uuid;
const found = async (uuid: Uuid) => (await warm.exactView()).find(shardOf(uuid), uuid);

describe("a function that knows nothing", () => {
  test("reads all shards at once, states and profiles", async () => {
    await warm.exactView();
    const { counts } = warm.reads();
    expect(counts["Query"]).toBe(2 * SHARDS);
    // The shard logs, and the pages of profiles, which are not written yet.
    expect(counts["BatchGet"]).toBe(2);
  });
});

describe("a warm function", () => {
  beforeEach(async () => {
    await warm.view();
    warm.reads();
  });

  test("reads the shard logs and nothing else while nothing changes", async () => {
    const before = (await warm.view()).snapshot();
    expect((await warm.view()).snapshot()).toBe(before);
    const { counts } = warm.reads();
    expect(counts).toEqual({ BatchGet: 2 });
  });

  test("reads the state of a provider that was claimed from, not its profile", async () => {
    const provider = anyProvider();
    await claim(warm.writer, randomUUID(), { [provider]: { VCPU: 3 } });
    const after = await found(provider);
    expect(after?.state.inventories.get(0)?.used).toBe(3);
    const { calls, counts } = warm.reads();
    expect(counts).toEqual({ BatchGet: 2, Get: 1 });
    const batch = calls.filter(({ command }) => command === "BatchGet").at(-1);
    expect(batch?.keys).toEqual([hotKey(provider)]);
  });

  test("keeps the objects of providers that did not change", async () => {
    const [first, second] = providers as [Uuid, Uuid];
    const before = await warm.view();
    await claim(warm.writer, randomUUID(), { [first]: { VCPU: 1 } });
    const after = await warm.view();
    expect(after.find(shardOf(second), second)).toBe(before.find(shardOf(second), second));
    expect(before.find(shardOf(first), first)?.state.generation).toBeLessThan(
      after.find(shardOf(first), first)?.state.generation ?? 0,
    );
  });

  test("reads the profile where its version moved", async () => {
    const provider = anyProvider();
    const { generation } = await readProvider(warm.writer, provider);
    const body = { resource_provider_generation: generation, traits: ["HW_CPU_X86_VMX"] };
    await warm.writer.request("PUT", `/resource_providers/${provider}/traits`, { body });
    expect((await found(provider))?.profile.traits).toHaveLength(1);
    expect(warm.reads().counts).toEqual({ BatchGet: 3, Get: 1 });
  });

  test("sees renames, moves between trees, aggregates, inventories and releases", async () => {
    const [child, parent, other] = providers.slice(1, 4) as [Uuid, Uuid, Uuid];
    const put = (body: object) =>
      warm.writer.request("PUT", `/resource_providers/${child}`, { body });
    const snapshot = async () => (await warm.exactView()).snapshot();
    const rootOf = async (uuid: Uuid) => {
      const made = await snapshot();
      return made.uuidOf(made.rootOf(made.rowOf(uuid)));
    };
    await put({ name: "renamed" });
    expect((await found(child))?.profile.name).toBe("renamed");
    await put({ name: "renamed", parent_provider_uuid: parent });
    expect(await rootOf(child)).toBe(parent);
    await put({ name: "renamed", parent_provider_uuid: other });
    expect(await rootOf(child)).toBe(other);
    await put({ name: "renamed", parent_provider_uuid: null });
    expect(await rootOf(child)).toBe(child);
    const { generation } = await readProvider(warm.writer, child);
    await putInventories(warm.writer, child, generation, { DISK_GB: 7 });
    expect([...((await found(child))?.state.inventories.keys() ?? [])]).toEqual([2]);
    const consumer = randomUUID();
    await claim(warm.writer, consumer, { [child]: { DISK_GB: 7 } });
    expect((await found(child))?.state.inventories.get(2)?.free).toBe(0);
    await release(warm.writer, consumer);
    expect((await found(child))?.state.inventories.get(2)?.free).toBe(7);
  });

  test("forgets a provider that was deleted, and knows it when it is made again", async () => {
    const uuid = randomUuid();
    for (let incarnation = 1; incarnation <= 5; incarnation += 1) {
      await makeProvider(
        warm.writer,
        { VCPU: incarnation },
        { uuid, name: `incarnation ${incarnation} of ${uuid}` },
      );
      expect((await found(uuid))?.profile.name).toBe(`incarnation ${incarnation} of ${uuid}`);
      await warm.writer.request("DELETE", `/resource_providers/${uuid}`);
      expect(await found(uuid)).toBeUndefined();
      expect((await warm.view()).snapshot().has(uuid)).toBe(false);
    }
  });

  test("distinguishes a new incarnation from the old one, though it saw nothing in between", async () => {
    const uuid = randomUuid();
    await makeProvider(warm.writer, { VCPU: 1 }, { uuid, name: `first ${uuid}` });
    await warm.view();
    await warm.writer.request("DELETE", `/resource_providers/${uuid}`);
    await makeProvider(warm.writer, { VCPU: 1 }, { uuid, name: `second ${uuid}` });
    expect((await found(uuid))?.profile.name).toBe(`second ${uuid}`);
  });

  test("that was suspended while one provider changed often reads just that one", async () => {
    const provider = anyProvider();
    const before = (await found(provider))?.state.generation ?? 0;
    for (let count = 0; count < 50; count += 1) {
      await claim(warm.writer, randomUUID(), { [provider]: { VCPU: 1 } });
    }
    warm.reads();
    expect((await found(provider))?.state.generation).toBe(before + 50);
    expect(warm.reads().counts).toEqual({ BatchGet: 2, Get: 1 });
  });

  test("that was suspended while a shard log was trimmed reads its shards in full", async () => {
    const provider = anyProvider();
    const { base, version } = await logEntryOf(warm.writer, provider);
    const before = (await found(provider))?.state.generation ?? 0;
    await claim(warm.writer, randomUUID(), { [provider]: { VCPU: 1 } });
    for (const other of neighbours(provider, RESET_FROM)) await raise(other);
    expect((await logEntryOf(warm.writer, provider)).base).toBeGreaterThan(Math.max(base, version));
    warm.reads();
    expect((await found(provider))?.state.generation).toBe(before + 1);
    // Two shards share a log.
    expect(warm.reads().counts).toMatchObject({ Query: 2, BatchGet: 1, Get: 1 });
  });

  test("answers the list of providers and the candidates from what it knows", async () => {
    const uuid = randomUuid();
    await warm.writer.request("PUT", "/resource_classes/CUSTOM_RARE");
    await makeProvider(warm.writer, { CUSTOM_RARE: 1 }, { uuid });
    warm.reads();
    const listed = await warm.reader.request("GET", "/resource_providers?resources=CUSTOM_RARE:1");
    expect(listed.body.resource_providers).toHaveLength(1);
    const asked = "/allocation_candidates?resources=CUSTOM_RARE:1";
    expect(Object.keys((await warm.reader.request("GET", asked)).body.provider_summaries)).toEqual([
      uuid,
    ]);
    await claim(warm.writer, randomUUID(), { [uuid]: { CUSTOM_RARE: 1 } });
    expect((await warm.reader.request("GET", asked)).body.allocation_requests).toEqual([]);
    const queries = warm.reads().calls.filter(({ command }) => command === "Query");
    const shards = queries.filter(({ input }) => JSON.stringify(input).includes("SHARD#"));
    expect(shards).toEqual([]);
  });
});
