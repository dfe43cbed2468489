/** What events take: a claim is told of in one write of two units. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { ASSUMED } from "../../scripts/docs/costs/model.ts";
import type { Item } from "../support/api.ts";
import { useApi } from "../support/frame.ts";
import { historyOf } from "../support/history.ts";
import { claim, claimBody, makeProvider, release } from "../support/world.ts";

const api = useApi();

/** As DynamoDB counts an item of texts, numbers and truths: at most. */
function bytesOf(item: Item): number {
  const sizes = Object.entries(item).map(([name, value]) => {
    const text = typeof value === "string" ? value : String(value);
    return Buffer.byteLength(name) + Buffer.byteLength(text);
  });
  return sizes.reduce((sum, each) => sum + each, 0);
}

const eventsOf = async (uuid: string) =>
  (await api.items()).filter(({ pk }) => pk === `EVENT#${uuid}`);

test("events of a claim with the ids of OpenStack and of its release are below a kilobyte", async () => {
  const host = await makeProvider(api, { VCPU: 8, MEMORY_MB: 8_192, DISK_GB: 80 });
  const uuid = randomUUID();
  const project = randomUUID().replaceAll("-", "");
  const body = {
    ...claimBody({ [host]: { VCPU: 2, MEMORY_MB: 4_096, DISK_GB: 20 } }, null),
    project_id: project,
    user_id: project,
  };
  const token = randomUUID().replaceAll("-", "");
  const given = { body, token, roles: "service" };
  expect((await api.request("PUT", `/allocations/${uuid}`, given)).status).toBe(204);
  expect((await release(api, uuid)).status).toBe(204);
  const sizes = (await eventsOf(uuid)).map(bytesOf);
  expect(sizes).toHaveLength(2);
  for (const size of sizes) expect(size).toBeLessThan(1_024);
  // What docs/costs.md reckons with.
  const mean = (sizes[0] ?? 0) / 2 + (sizes[1] ?? 0) / 2;
  expect(Math.abs(mean - ASSUMED.eventBytes)).toBeLessThan(ASSUMED.eventBytes * 0.1);
});

test("the largest events stay below 100 KB, say that they are cut, and fit an answer", async () => {
  const names = Array.from({ length: 60 }, () => `CUSTOM_${randomUUID().replaceAll("-", "")}`);
  const classes = names.map((name) => `${name}_${"X".repeat(200)}`.toUpperCase().slice(0, 255));
  for (const name of classes) await api.request("PUT", `/resource_classes/${name}`);
  const hosts: string[] = [];
  for (let index = 0; index < 24; index += 1) {
    const host = await makeProvider(api);
    for (const part of [classes.slice(0, 20), classes.slice(20, 30)]) {
      const { body } = await api.request("GET", `/resource_providers/${host}/inventories`);
      const inventories = {
        ...body.inventories,
        ...Object.fromEntries(part.map((name) => [name, { total: 8 }])),
      };
      const given = { ...body, inventories };
      const path = `/resource_providers/${host}/inventories`;
      expect((await api.request("PUT", path, { body: given })).status).toBe(200);
    }
    hosts.push(host);
  }
  const uuid = randomUUID();
  const amounts = Object.fromEntries(classes.slice(0, 30).map((name) => [name, 1]));
  const held = Object.fromEntries(hosts.map((host) => [host, amounts]));
  expect((await claim(api, uuid, held)).status).toBe(204);
  const [item] = await eventsOf(uuid);
  const size = item === undefined ? 0 : bytesOf(item);
  expect([size > 60_000, size < 100_000]).toEqual([true, true]);
  const [event] = await historyOf(api, "consumers", uuid);
  expect(event?.truncated).toBe(true);
  const kept = event?.changes["allocations"]?.after as Record<string, unknown>;
  expect(held).toMatchObject(kept);
  expect(Object.keys(kept).length).toBeLessThan(24);
});
