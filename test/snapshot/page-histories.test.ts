/**
 * Random histories of providers and of their pages: a function that starts sees with the
 * pages what it sees without them, which is the table as it is.
 */
import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { profilePageKey } from "../../lib/store/items/profile-page.ts";
import { shardOf } from "../../lib/store/items/shard.ts";
import type { Item } from "../support/api.ts";
import { chance } from "../support/chance.ts";
import { profilePages, sameColdViews, writeAllPages } from "../support/cold.ts";
import { useApi } from "../support/frame.ts";
import { byUuid, storedProviders } from "../support/warm.ts";

const api = useApi();
const STEPS = Number(process.env["PAGE_STEPS"] ?? 20);
const TRAITS = ["HW_CPU_X86_AVX", "HW_CPU_X86_AVX2", "HW_CPU_X86_SSE", "HW_CPU_X86_VMX"];

test("with pages as without", async () => {
  const random = chance("histories of pages");
  /** Most of them share a shard, and so a page. */
  const cast: Uuid[] = [];
  while (cast.length < 8) {
    const uuid = random.uuid();
    if (cast.length < 3 || shardOf(uuid) === shardOf(cast[0] as Uuid)) cast.push(uuid);
  }
  /** Every page that ever was. */
  const old: Item[] = [];
  const put = (Item: Item) => api.client.send(new PutCommand({ TableName: api.tableName, Item }));
  const path = (uuid: Uuid) => `/resource_providers/${uuid}`;
  const generationOf = async (uuid: Uuid) =>
    Number((await api.request("GET", path(uuid))).body.generation);
  const some = () => TRAITS.filter(() => random.below(2) === 0);

  const changes: readonly (() => Promise<unknown>)[] = [
    () => {
      const parent = random.below(2) === 0 ? {} : { parent_provider_uuid: random.pick(cast) };
      const body = { uuid: random.pick(cast), name: `host-${random.below(1_000)}`, ...parent };
      return api.request("POST", "/resource_providers", { body });
    },
    () => api.request("DELETE", path(random.pick(cast))),
    async () => {
      const uuid = random.pick(cast);
      const resource_provider_generation = await generationOf(uuid);
      const body = { resource_provider_generation, traits: some() };
      return api.request("PUT", `${path(uuid)}/traits`, { body });
    },
    async () => {
      const uuid = random.pick(cast);
      const resource_provider_generation = await generationOf(uuid);
      const aggregates = cast.filter(() => random.below(4) === 0).map((each) => each.toUpperCase());
      const body = { resource_provider_generation, aggregates };
      return api.request("PUT", `${path(uuid)}/aggregates`, { body });
    },
    () => {
      const parent = random.below(3) === 0 ? null : random.pick(cast);
      const body = { name: `host-${random.below(1_000)}`, parent_provider_uuid: parent };
      return api.request("PUT", path(random.pick(cast)), { body });
    },
  ];
  const pageChanges: readonly (() => Promise<unknown>)[] = [
    async () => {
      await writeAllPages(api);
      old.push(...(await profilePages(api)));
    },
    // As it was once, and in the place of another page.
    async () => {
      if (old.length > 0) await put(random.pick(old));
    },
    async () => {
      if (old.length === 0) return;
      const { pk, ...item } = random.pick(old);
      await put({ ...item, pk: profilePageKey(shardOf(random.pick(cast)), 0).pk });
    },
    async () => {
      const [item] = await profilePages(api);
      if (item === undefined) return;
      const at = random.below(40);
      const bytes = (item["d"] as Uint8Array).map((byte, index) =>
        index === at ? byte ^ (1 + random.below(255)) : byte,
      );
      await put({ ...item, d: bytes });
    },
    async () => {
      const [item] = await profilePages(api);
      if (item === undefined) return;
      const { pk, sk } = item;
      await api.client.send(new DeleteCommand({ TableName: api.tableName, Key: { pk, sk } }));
    },
  ];
  for (const uuid of cast) {
    await api.request("POST", "/resource_providers", { body: { uuid, name: `host-${uuid}` } });
  }
  let shown = 0;
  for (let step = 0; step < STEPS; step += 1) {
    for (let count = random.below(4); count >= 0; count -= 1) await random.pick(changes)();
    await (random.below(2) === 0 ? pageChanges[0] : random.pick(pageChanges))?.();
    if (random.below(2) === 0) await random.pick(changes)();
    const providers = (await sameColdViews(api)).view.providers();
    expect(byUuid(providers)).toEqual(byUuid(await storedProviders(api)));
    shown += providers.length;
  }
  expect(shown).toBeGreaterThan(STEPS);
  // What is wrong on a page that was put to another shard's place is no contradiction for long.
  await writeAllPages(api);
});
