/**
 * A function that starts reads profiles from pages. What pages lack, or have wrongly, costs
 * reads, and shows in no answer.
 */
import { deflateSync } from "node:zlib";
import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { hotKey } from "../../lib/store/items/hot.ts";
import { profileKey } from "../../lib/store/items/profile.ts";
import {
  profilePageItem,
  profilePageKey,
  profilePageOf,
} from "../../lib/store/items/profile-page.ts";
import { SHARDS, shardOf } from "../../lib/store/items/shard.ts";
import type { Item } from "../../lib/store/table/item.ts";
import { exactColdView, profilePages, writeAllPages } from "../support/cold.ts";
import { useApi } from "../support/frame.ts";
import { randomUuid } from "../support/uuids.ts";
import { claim, makeProvider, readProvider } from "../support/world.ts";

const api = useApi();

const SHARD = 5;
const COUNT = 24;
let providers: Uuid[];

/** All in one shard. */
function uuidInShard(): Uuid {
  for (;;) {
    const uuid = randomUuid();
    if (shardOf(uuid) === SHARD) return uuid;
  }
}

beforeAll(async () => {
  providers = [];
  for (let n = 0; n < COUNT; n += 1) {
    providers.push(await makeProvider(api, { VCPU: 8 }, { uuid: uuidInShard() }));
  }
});
beforeEach(async () => {
  await writeAllPages(api);
});

const put = (Item: Item) => api.client.send(new PutCommand({ TableName: api.tableName, Item }));
const lose = ({ pk, sk }: Pick<Item, "pk" | "sk">) =>
  api.client.send(new DeleteCommand({ TableName: api.tableName, Key: { pk, sk } }));

async function pageItem(): Promise<Item> {
  const [found, ...others] = await profilePages(api);
  expect(others).toEqual([]);
  return found as Item;
}

async function setTraits(provider: Uuid, ...traits: string[]): Promise<void> {
  const { generation } = await readProvider(api, provider);
  const body = { resource_provider_generation: generation, traits };
  const path = `/resource_providers/${provider}/traits`;
  expect((await api.request("PUT", path, { body })).status).toBe(200);
}

const some = (index: number) => providers[index] as Uuid;

/** One query of states for each shard; logs, pages, and perhaps profiles one by one. */
async function expectCalls({ queries = 0, profiles = 0 }): Promise<void> {
  const { counts, calls } = await exactColdView(api);
  expect(counts["Query"]).toBe(SHARDS + queries);
  const keys = calls.flatMap((call) => (call.command === "BatchGet" ? call.keys : []));
  expect(keys.filter(({ sk }) => sk.startsWith("P#"))).toHaveLength(profiles);
}

/** Shards without providers have no page: what would be there is queried. */
const EMPTY = SHARDS - 1;
const WHOLE = { queries: EMPTY };
const NOTHING = { queries: EMPTY + 1 };

test("all profiles come from the page, and states are read as ever", async () => {
  expect(profilePageOf(await pageItem())?.profiles).toHaveLength(COUNT);
  await claim(api, randomUuid(), { [some(0)]: { VCPU: 1 } });
  await expectCalls(WHOLE);
});

describe("stale", () => {
  test("a profile that changed since is read by itself", async () => {
    await setTraits(some(1), "HW_CPU_X86_AVX2");
    await expectCalls({ ...WHOLE, profiles: 1 });
  });

  test("where many changed, all are read at once", async () => {
    for (const provider of providers.slice(0, 5)) await setTraits(provider, "HW_CPU_X86_VMX");
    await expectCalls(NOTHING);
  });

  test("a provider that is gone is not shown, nor its successor as it was", async () => {
    const uuid = uuidInShard();
    const create = (name: string) => makeProvider(api, {}, { uuid, name });
    await create(`first ${uuid}`);
    await writeAllPages(api);
    await expectCalls(WHOLE);
    await api.request("DELETE", `/resource_providers/${uuid}`);
    await expectCalls(WHOLE);
    await create(`second ${uuid}`);
    await expectCalls({ ...WHOLE, profiles: 1 });
    await api.request("DELETE", `/resource_providers/${uuid}`);
  });

  test("after a restore of records, a copy of what came later is not used", async () => {
    const provider = some(2);
    const keys = [hotKey(provider), profileKey(provider)];
    const before = (await api.items()).filter(({ pk, sk }) =>
      keys.some((key) => key.pk === pk && key.sk === sk),
    );
    await setTraits(provider, "HW_CPU_X86_SSE");
    await writeAllPages(api);
    for (const item of before) await put(item);
    await expectCalls({ ...WHOLE, profiles: 1 });
    // As many changes as the page has seen.
    await setTraits(provider, "HW_CPU_X86_SSE2");
    await expectCalls({ ...WHOLE, profiles: 1 });
  });
});

describe("of no use", () => {
  test.each<[string, (item: Item) => Item | undefined]>([
    ["missing", () => undefined],
    ["corrupt", (item) => ({ ...item, d: (item["d"] as Uint8Array).map((byte) => byte ^ 1) })],
    ["of no JSON", (item) => ({ ...item, d: deflateSync("{") })],
    ["without data", ({ pk, sk }) => ({ pk, sk })],
    ["larger than it may be", (item) => ({ ...item, d: deflateSync(" ".repeat(10_000_000)) })],
  ])("a page that is %s: all profiles are read", async (_, change) => {
    const item = await pageItem();
    const changed = change(item);
    await (changed === undefined ? lose(item) : put(changed));
    await expectCalls(NOTHING);
    // And it is written again.
    expect(await writeAllPages(api)).toMatchObject({ found: 1, done: 1 });
    await expectCalls(WHOLE);
    expect(await pageItem()).toEqual(item);
  });

  test("a page of another format is neither read nor touched", async () => {
    const item = await pageItem();
    const foreign = { ...item, pk: item.pk.replace("PAGES#1", "PAGES#2") };
    await put(foreign);
    await lose(item);
    await expectCalls(NOTHING);
    await writeAllPages(api);
    expect(await profilePages(api)).toEqual([item, foreign]);
    await lose(foreign);
  });

  test("pages of two writings: what any of them has is taken", async () => {
    const item = await pageItem();
    const profiles = profilePageOf(item)?.profiles ?? [];
    const part = (page: number, from: number, to: number) =>
      put(profilePageItem(SHARD, page, { pages: 4, profiles: profiles.slice(from, to) }));
    // One is missing, two overlap, and one is of a writing before the traits were changed.
    await part(0, 0, 8);
    await part(2, 6, 14);
    await put({ ...item, sk: profilePageKey(SHARD, 3).sk });
    await setTraits(some(3), "HW_CPU_X86_MMX");
    await part(3, 14, COUNT - 1);
    const missing = new Set([profiles[COUNT - 1]?.uuid, some(3)]);
    await expectCalls({ ...WHOLE, profiles: missing.size });
    await writeAllPages(api);
    expect((await pageItem()).sk).toBe(item.sk);
    await expectCalls(WHOLE);
  });

  test("a page with copies of another shard's profiles", async () => {
    const item = await pageItem();
    const other = profilePageItem((SHARD + 1) % SHARDS, 0, {
      pages: 1,
      profiles: profilePageOf(item)?.profiles ?? [],
    });
    await put(other);
    await expectCalls({ queries: EMPTY - 1 });
    await writeAllPages(api);
    expect(await profilePages(api)).toEqual([item]);
  });
});
