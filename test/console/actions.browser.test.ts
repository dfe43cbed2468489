/** What an administrator does in the console does what it says, and refusals say what to do. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Api, startApi } from "../support/api.ts";
import { builtConsole, textOf, usePages, violations } from "./support/console.ts";
import { picture } from "./support/pictures.ts";
import { claim, makeHost } from "./support/world.ts";

const pages = usePages();
let api: Api;

beforeAll(async () => {
  api = await startApi({ events: "fed", console: builtConsole() });
});

afterAll(() => api?.close());

interface Shown {
  readonly resource_provider_generation: number;
  readonly inventories: Readonly<
    Record<string, { readonly total: number; readonly reserved: number }>
  >;
}

const read = async (path: string) => (await api.request("GET", path)).body;

const inventoriesOf = async (uuid: string) =>
  ((await read(`/resource_providers/${uuid}/inventories`)) as Shown).inventories;

async function changing(hash: string): Promise<Page> {
  const page = await pages.open(`${api.url}/console/${hash}`);
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByLabel("Allow changes").check();
  return page;
}

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

test("an empty fleet says what to do, and nothing is changed at first sight", async () => {
  const page = await pages.open(`${api.url}/console/`);
  await page.getByText("There are no resource providers yet.").waitFor();
  expect(await page.getByRole("button", { name: "Create a provider…" }).count()).toBe(0);
  expect(await violations(page)).toEqual([]);
});

test("a provider is created, after its request was shown", async () => {
  const page = await changing("#/fleet");
  await press(page, "Create a provider…");
  expect(await page.getByRole("button", { name: "Create", exact: true }).isDisabled()).toBe(true);
  await page.getByRole("dialog").getByLabel("Name").fill("made-here");
  expect(await textOf(page.locator(".requests"))).toMatch(
    /POST \/resource_providers[\s\S]*"name": "made-here"/,
  );
  expect(await violations(page)).toEqual([]);
  await press(page, "Create");
  await page.getByText("made-here is created.").waitFor();
  const { resource_providers: found } = (await read("/resource_providers?name=made-here")) as {
    resource_providers: unknown[];
  };
  expect(found).toHaveLength(1);
  await press(page, "Create a provider…");
  await page.getByRole("dialog").getByLabel("Name").fill("made-here");
  await press(page, "Create");
  const problem = page.getByRole("alert");
  await problem.waitFor();
  expect(await textOf(problem)).toContain("The name is taken");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

test("inventories, traits and aggregates are set", async () => {
  const uuid = await makeHost(api, "to-be-set", { VCPU: 8 });
  const page = await changing(`#/provider/${uuid}`);
  await press(page, "Inventories…");
  await page.getByLabel("Total of VCPU").fill("32");
  await press(page, "Add a class");
  await page.getByLabel("Class of the new class").fill("MEMORY_MB");
  await page.getByLabel("Total of MEMORY_MB").fill("4096");
  await press(page, "Set inventories");
  await page.getByText("The inventories of to-be-set are set.").waitFor();
  const inventories = await inventoriesOf(uuid);
  expect([inventories["VCPU"]?.total, inventories["MEMORY_MB"]?.total]).toEqual([32, 4_096]);

  await page.getByText("32", { exact: false }).first().waitFor();
  await page.getByText("generation 2").waitFor();
  await press(page, "Traits…");
  await page.getByRole("textbox").fill("HW_CPU_X86_VMX\nHW_CPU_X86_SSE");
  await press(page, "Set traits");
  await page.getByText("The traits of to-be-set are set.").waitFor();
  await page.getByText("generation 3").waitFor();
  const aggregate = "11111111-2222-4333-8444-555555555555";
  await press(page, "Aggregates…");
  await page.getByRole("textbox").fill(aggregate);
  await press(page, "Set aggregates");
  await page.getByText("The aggregates of to-be-set are set.").waitFor();
  expect(await read(`/resource_providers/${uuid}/traits`)).toMatchObject({
    traits: ["HW_CPU_X86_SSE", "HW_CPU_X86_VMX"],
  });
  expect(await read(`/resource_providers/${uuid}/aggregates`)).toMatchObject({
    aggregates: [aggregate],
  });
});

test("a drain reserves all and is undone, also after a reload", async () => {
  const uuid = await makeHost(api, "to-be-drained", { VCPU: 8, MEMORY_MB: 1_024 });
  const page = await changing(`#/provider/${uuid}`);
  await press(page, "Drain…");
  expect(await textOf(page.getByRole("dialog"))).toContain(
    "nova-compute sets its own inventories back",
  );
  await picture(page, "drain");
  await press(page, "Drain 1 of its providers");
  await page.getByText("to-be-drained is drained").waitFor();
  const reserved = async () =>
    Object.values(await inventoriesOf(uuid))
      .map((each) => each.reserved)
      .sort((a, b) => a - b);
  expect(await reserved()).toEqual([8, 1_024]);
  await page.reload();
  await page.getByLabel("Allow changes").check();
  await press(page, "Undo the drain…");
  await press(page, "Set back");
  await page.getByText("to-be-drained is in use again.").waitFor();
  expect(await reserved()).toEqual([0, 0]);
});

test("a change of what somebody else has changed is refused and says what to do", async () => {
  const uuid = await makeHost(api, "contended", { VCPU: 8 });
  const page = await changing(`#/provider/${uuid}`);
  await press(page, "Traits…");
  await page.getByRole("textbox").fill("HW_CPU_X86_VMX");
  const body = { resource_provider_generation: 1, traits: ["HW_CPU_X86_SSE"] };
  await api.request("PUT", `/resource_providers/${uuid}/traits`, { body });
  await press(page, "Set traits");
  const problem = page.getByRole("alert");
  await problem.waitFor();
  expect(await textOf(problem)).toContain("Somebody else changed it meanwhile");
  expect(await textOf(problem)).toContain("placement.concurrent_update");
  expect(await read(`/resource_providers/${uuid}/traits`)).toMatchObject({
    traits: ["HW_CPU_X86_SSE"],
  });
});

test("a consumer is released by its generation", async () => {
  const host = await makeHost(api, "holding", { VCPU: 8 });
  const consumer = await claim(api, host, { VCPU: 4 });
  const page = await changing(`#/consumers/${consumer}`);
  await press(page, "Release what it holds…");
  const request = page.locator(".requests");
  expect(await textOf(request)).toContain(`PUT /allocations/${consumer}`);
  expect(await textOf(request)).toContain('"consumer_generation": 1');
  await press(page, "Release");
  await page.getByText("There is no such consumer now.").waitFor();
  expect(await read(`/resource_providers/${host}/usages`)).toMatchObject({ usages: { VCPU: 0 } });
});

test("a reader without the right, and a service that fails, get more than an empty page", async () => {
  const context = await pages.open(`${api.url}/console/#/health`);
  const refusal = {
    errors: [
      {
        status: 403,
        title: "Forbidden",
        detail: "placement:resource_providers:list",
        request_id: "req-1",
      },
    ],
  };
  await context.route(/\/resource_providers/, (route) =>
    route.fulfill({ status: 403, contentType: "application/json", body: JSON.stringify(refusal) }),
  );
  await context.goto(`${api.url}/console/#/fleet`);
  await context.reload();
  await context.getByText("You may not see or do this").waitFor();
  expect(await textOf(context.getByRole("alert"))).toContain("placement:resource_providers:list");
  expect(await violations(context)).toEqual([]);

  await context.unroute(/\/resource_providers/);
  await context.route(/\/resource_providers/, (route) => route.abort());
  await context.reload();
  await context.getByText("Reading the first providers…").waitFor();
  await context.getByText("No answer came").waitFor();
  await context.unroute(/\/resource_providers/);
  await press(context, "Try again");
  await context.getByText(/\d+ of \d+ roots/).waitFor();
});
