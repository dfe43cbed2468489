/** What seldom is: a verification with findings, a large change under way, shares, leases, a drained tree. */
import { randomUUID } from "node:crypto";
import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyRecords } from "../../functions/maintenance/verify-table.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { type Api, startApi } from "../support/api.ts";
import { builtConsole, textOf, usePages } from "./support/console.ts";
import { claim, makeHost } from "./support/world.ts";

const pages = usePages();
let api: Api;

beforeAll(async () => {
  api = await startApi({ events: "fed", console: builtConsole() });
});

afterAll(() => api?.close());

const at = (hash: string) => pages.open(`${api.url}/console/${hash}`);
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

async function put(path: string, body: unknown): Promise<void> {
  const { status } = await api.request("PUT", path, { body });
  expect([path, status]).toEqual([path, 200]);
}

const inventoriesOf = async (uuid: string) =>
  Object.values(
    (await api.request("GET", `/resource_providers/${uuid}/inventories`)).body.inventories,
  ) as { total: number; reserved: number }[];

test("who shares with a host is shown with it", async () => {
  const aggregate = randomUUID();
  const host = await makeHost(api, "with-a-pool", { VCPU: 8 });
  const pool = await makeHost(api, "pool", { DISK_GB: 1_000 });
  await put(`/resource_providers/${pool}/traits`, {
    resource_provider_generation: 1,
    traits: ["MISC_SHARES_VIA_AGGREGATE"],
  });
  const joined = { aggregates: [aggregate] };
  await put(`/resource_providers/${host}/aggregates`, {
    resource_provider_generation: 1,
    ...joined,
  });
  await put(`/resource_providers/${pool}/aggregates`, {
    resource_provider_generation: 2,
    ...joined,
  });
  const page = await at(`#/provider/${host}`);
  const panel = page.getByRole("region", { name: "What shares with it" });
  await panel.getByRole("link", { name: "pool" }).waitFor();
  expect(await textOf(panel)).toContain("DISK_GB");
});

test("a lease that ends soon is found, and shown with its consumer", async () => {
  const host = await makeHost(api, "leased", { VCPU: 8 });
  const consumer = randomUUID();
  const { status } = await api.request("PUT", `/allocations/${consumer}`, {
    body: {
      allocations: { [host]: { resources: { VCPU: 1 } } },
      ...{ project_id: "demo", user_id: "alice" },
      ...{ consumer_generation: null, consumer_type: "INSTANCE" },
    },
    headers: { "placement-lease": "900" },
  });
  expect(status).toBe(204);
  await claim(api, host, { VCPU: 1 });
  const page = await at("#/consumers");
  await page.getByLabel("Which").selectOption("expiring");
  await press(page, "Search");
  await page.getByText("1 consumer", { exact: true }).waitFor();
  await page.getByRole("link", { name: consumer }).click();
  await page.getByText("version 1").waitFor();
  const { body } = await api.request("GET", `/consumers/${consumer}`);
  const ends = await page.locator(`time[datetime="${body.expires_at}"]`).count();
  expect(ends).toBeGreaterThan(0);
});

test("a tree is drained with all of its providers, and used again", async () => {
  const root = await makeHost(api, "tree", { DISK_GB: 100 });
  const child = await makeHost(api, "tree_numa0", { VCPU: 8 });
  await put(`/resource_providers/${child}`, { name: "tree_numa0", parent_provider_uuid: root });
  const page = await at(`#/provider/${root}`);
  await page.getByLabel("Allow changes").check();
  await press(page, "Drain…");
  const requests = await textOf(page.locator(".requests"));
  for (const uuid of [root, child]) {
    expect(requests).toContain(`PUT /resource_providers/${uuid}/inventories`);
  }
  await press(page, "Drain 2 of its providers");
  await page.getByText("tree is drained").waitFor();
  for (const uuid of [root, child]) {
    for (const { total, reserved } of await inventoriesOf(uuid)) expect(reserved).toBe(total);
  }
  await press(page, "Undo the drain…");
  await press(page, "Set back");
  await page.getByText("tree is in use again.").waitFor();
  for (const uuid of [root, child]) {
    for (const { reserved } of await inventoriesOf(uuid)) expect(reserved).toBe(0);
  }
});

test("the last verification, its findings, and large changes under way are on the health view", async () => {
  const host = await makeHost(api, "damaged", { VCPU: 8 });
  const consumer = await claim(api, host, { VCPU: 1 });
  const { client, tableName: TableName } = api;
  await client.send(
    new DeleteCommand({ TableName, Key: { pk: `CONSUMER#${consumer}`, sk: "CONSUMER" } }),
  );
  await taskLambda(verifyRecords, async () => api.runtime)({});
  const change = { pk: "CHANGES", sk: "CHANGE#under-way", s: "pending", p: 1 };
  const times = { b: Date.now(), e: Date.now() + 3_600_000, i: 321 };
  await client.send(new PutCommand({ TableName, Item: { ...change, ...times } }));
  const { verification } = (await api.request("GET", "/status")).body;
  expect(verification.findings).toBeGreaterThan(0);
  const page = await at("#/health");
  await page.getByText(`${verification.findings} findings`, { exact: false }).first().waitFor();
  await page.getByText(verification.rules[0].rule, { exact: false }).first().waitFor();
  await page.getByText("under-way", { exact: false }).first().waitFor();
  await page.getByText("321", { exact: false }).first().waitFor();
});
