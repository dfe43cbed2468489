/** The views show what the API says, of a fleet of 1,000 nested hosts, in a real browser. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serverMetrics } from "../../lib/local/metrics/server-metrics.ts";
import { type Api, startApi } from "../support/api.ts";
import { until } from "../support/until.ts";
import { builtConsole, overflow, PHONE, textOf, usePages, violations } from "./support/console.ts";
import { hostName, hostUuid, numaUuid, seedHosts } from "./support/nested-fleet.ts";
import { picture } from "./support/pictures.ts";
import { BUSY, claim, makeWorld, TRAIT, type World } from "./support/world.ts";

const HOSTS = 1_000;
const MINUTE = 60_000;
const pages = usePages();
let api: Api;
let world: World;

beforeAll(async () => {
  api = await startApi({ events: "fed", metrics: serverMetrics(), console: builtConsole() });
  await seedHosts(api, HOSTS);
  world = await makeWorld(api);
}, 3 * MINUTE);

afterAll(() => api?.close());

const at = (hash = "") => `${api.url}/console/${hash}`;

/** The whole fleet is there, and what changes appears. */
async function ready(page: Page, roots = "1,003"): Promise<Page> {
  await page.getByText(`${roots} of 1,003 roots`).waitFor();
  await page.getByText("Live", { exact: true }).waitFor();
  return page;
}

describe("an operator who never saw it finds out", () => {
  test("which host is fullest, and of what", async () => {
    const page = await ready(await pages.open(at()));
    const row = page
      .getByRole("table", { name: "Roots, the fullest first" })
      .getByRole("row")
      .nth(1);
    expect(await textOf(row)).toMatch(/busy\.example\.org\s+MEMORY_MB\s+97 %/);
    await picture(page, "fleet");
  });

  test("what a server holds and since when", async () => {
    const page = await pages.open(at("#/consumers"));
    await page.getByLabel("Uuid").fill(world.large);
    await page.getByRole("button", { name: "Search" }).click();
    const row = page
      .getByRole("region", { name: "What it holds", exact: true })
      .getByRole("row")
      .nth(1);
    await row.waitFor();
    expect(await textOf(row)).toMatch(/16 VCPU\s+120 GiB MEMORY_MB/);
    const shown = await row.locator("time").getAttribute("datetime");
    const { body } = await api.request("GET", `/consumers/${world.large}/history`);
    expect(shown).toBe((body as { events: { time: string }[] }).events[0]?.time);
    await picture(page, "consumer");
  });

  test("why nobody can get 4 VGPU with a trait", async () => {
    const page = await pages.open(at("#/why-not"));
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByLabel("Class").fill("VGPU");
    await page.getByLabel("Amount").fill("4");
    await page.getByLabel("Required traits").fill(TRAIT);
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    const verdict = page.locator(".verdict");
    await verdict.waitFor();
    expect(await textOf(verdict)).toContain("Nobody can take it.");
    // 125 hosts of the fleet have VGPU, and gpu.example.org.
    expect(await textOf(verdict)).toContain(`required=${TRAIT} removed the last 126 hosts`);
    await picture(page, "why-not");
  });

  test("who holds the memory of a host", async () => {
    const page = await ready(await pages.open(at()));
    await page.getByRole("link", { name: BUSY }).click();
    await page.getByLabel("Most first of").selectOption("MEMORY_MB");
    const rows = page.getByRole("table", { name: "Who holds what" }).getByRole("row");
    await rows.filter({ hasText: "finance" }).waitFor();
    expect(await textOf(rows.nth(1))).toMatch(
      new RegExp(`${world.large}\\s+120 GiB\\s+16\\s+finance`),
    );
    expect(await textOf(rows.nth(2))).toMatch(/4 GiB\s+2\s+demo/);
  });

  test("what changed in the last ten minutes, and who did it", async () => {
    const page = await pages.open(at("#/health"));
    const events = page.getByRole("table", { name: "Events, the newest first" });
    const row = events.getByRole("row").filter({ hasText: "120 GiB MEMORY_MB" });
    await row.waitFor();
    expect(await textOf(row)).toMatch(/admin\s+claimed\s+[0-9a-f]{8}\s+16 VCPU, 120 GiB MEMORY_MB/);
    await page.getByText("How fast it answers").waitFor();
    await page.getByRole("cell", { name: "resource-providers/list" }).waitFor();
    await page.locator(".uplot").waitFor();
    await picture(page, "health");
  });
});

describe("the fleet", () => {
  test("has totals that the API's sums make", async () => {
    const page = await ready(await pages.open(at()));
    const row = page
      .getByRole("region", { name: "Totals by class" })
      .getByRole("row", { name: "MEMORY_MB" });
    const cells = row.getByRole("cell");
    const titles = await cells.evaluateAll((all) => all.map((cell) => cell.getAttribute("title")));
    const { body } = await api.request("GET", "/resource_providers?include=usages,inventories");
    const listed = (body as { resource_providers: Listed[] }).resource_providers;
    const used = listed.reduce(
      (sum, { included }) => sum + (included.usages.usages["MEMORY_MB"] ?? 0),
      0,
    );
    const total = listed.reduce(
      (sum, { included }) => sum + (included.inventories.inventories["MEMORY_MB"]?.total ?? 0),
      0,
    );
    const exact = (value: number) => `${value.toLocaleString("en")} MEMORY_MB`;
    expect(titles.slice(0, 4)).toEqual([exact(total), exact(0), exact(used), exact(total - used)]);
  });

  test("is filtered by trait, aggregate and name, and the address says so", async () => {
    const page = await ready(await pages.open(at()));
    await page.getByLabel("Trait").fill("HW_GPU_API_VULKAN");
    await page.getByText("125 of 1,003 roots").waitFor();
    await page.getByLabel("Name or uuid").fill(hostName(8).slice(0, 12));
    await page.getByText("2 of 1,003 roots").waitFor();
    expect(page.url()).toContain("trait=HW_GPU_API_VULKAN");
    await page.getByLabel("Trait").fill("!HW_GPU_API_VULKAN");
    await page.getByText("8 of 1,003 roots").waitFor();
    await page.getByLabel("Name or uuid").fill("nothing has this name");
    await page.getByText("No root passes these filters.").waitFor();
  });

  test("is gone through by the keyboard alone", async () => {
    const page = await ready(await pages.open(at(`#/fleet?text=${hostName(3)}`)), "1");
    const map = page.getByRole("application");
    await map.focus();
    await page.keyboard.press("ArrowRight");
    await page
      .getByText(`${hostName(3)} `, { exact: false })
      .first()
      .waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: hostName(3) }).waitFor();
    expect(page.url()).toContain(`#/provider/${hostUuid(3)}`);
    await page.goBack();
    await page.getByRole("application").waitFor();
  });

  test("shows what is under a pointer, enlarges and moves", async () => {
    const page = await ready(await pages.open(at()));
    const map = page.getByRole("application");
    await map.hover({ position: { x: 60, y: 60 } });
    const words = page.locator(".heat-map-words");
    await until("a cell's words", async () =>
      (await textOf(words)).includes("example.org") ? true : undefined,
    );
    const before = await textOf(words);
    await page.getByRole("button", { name: "Enlarge" }).click();
    await page.getByRole("button", { name: "Enlarge" }).click();
    await map.hover({ position: { x: 61, y: 61 } });
    await until("another cell", async () => ((await textOf(words)) !== before ? true : undefined));
    await page.getByRole("button", { name: "Whole" }).click();
    expect(await page.getByRole("button", { name: "Whole" }).isDisabled()).toBe(true);
  });
});

interface Listed {
  readonly included: {
    readonly usages: { readonly usages: Readonly<Record<string, number>> };
    readonly inventories: { readonly inventories: Readonly<Record<string, { total: number }>> };
  };
}

describe("a provider", () => {
  test("is shown with its tree, its traits and what is used of each class", async () => {
    const page = await pages.open(at(`#/provider/${hostUuid(8)}`));
    await page.getByRole("heading", { name: hostName(8) }).waitFor();
    await page.getByText("4 providers in its tree").waitFor();
    const cards = page.locator(".tree .card");
    expect(await cards.locator("strong").allInnerTexts()).toEqual([
      hostName(8),
      `${hostName(8)}_numa0`,
      `${hostName(8)}_gpu0`,
      `${hostName(8)}_numa1`,
    ]);
    const { body } = await api.request("GET", `/resource_providers/${numaUuid(8, 0)}/usages`);
    const used = (body as { usages: { VCPU: number } }).usages.VCPU;
    expect(await textOf(cards.nth(1))).toContain(`${used} of 64 used, ${64 - used} free`);
    await picture(page, "provider");
  });

  test("in another spelling is the same", async () => {
    const page = await pages.open(at(`#/provider/{${hostUuid(8).toUpperCase()}}`));
    await page.getByRole("heading", { name: hostName(8) }).waitFor();
    await page.getByText("4 providers in its tree").waitFor();
  });

  test("that is not there says so", async () => {
    const page = await pages.open(at("#/provider/00000000-0000-4000-8000-00000000dead"));
    await page.getByText("There is no resource provider").waitFor();
  });
});

test("another client's claim appears by itself", async () => {
  const fleet = await ready(await pages.open(at("#/fleet?text=gpu.example.org")), "1");
  const provider = await pages.open(at(`#/provider/${world.gpu}`));
  const health = await pages.open(at("#/health"));
  await provider.getByText("Nobody holds anything here.").waitFor();
  await health.getByText("Live", { exact: true }).waitFor();
  await provider.getByText("Live", { exact: true }).waitFor();
  const consumer = await claim(api, world.gpu, { VGPU: 6 }, "render");
  const tightest = fleet.getByRole("table", { name: "Roots, the fullest first" });
  await tightest.getByText("75 %").waitFor();
  await provider.getByRole("link", { name: consumer }).waitFor();
  await health.getByText("6 VGPU on gpu.example.org").waitFor();
});

test("consumers are found by project, by type, and as holding nothing", async () => {
  const page = await pages.open(at("#/consumers"));
  await page.getByLabel("Project", { exact: true }).fill("finance");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByText("1 consumer", { exact: true }).waitFor();
  await page.getByRole("link", { name: world.large }).waitFor();
  await page.getByLabel("Which").selectOption("idle");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByText("No consumer is like that.").waitFor();
});

test("candidates stand out on the fleet", async () => {
  const page = await pages.open(at("#/why-not?q=resources%3DVGPU%3A8"));
  await page.getByText(/\d+ candidates on \d+ roots\./).waitFor();
  await page.getByRole("table", { name: "Candidates" }).getByRole("row").nth(1).waitFor();
  await page.getByText("Candidates on the fleet").scrollIntoViewIfNeeded();
  await page.getByRole("application").scrollIntoViewIfNeeded();
  await picture(page, "candidates");
});

describe("no barrier is found by axe, and nothing is wider than a phone", () => {
  const hashes = () => [
    ["#/fleet?by=aggregate", "In all"],
    [`#/provider/${hostUuid(8)}`, "What was changed"],
    ["#/provider", "Providers"],
    ["#/consumers", "200 consumers"],
    [`#/consumers/${world.large}`, "What it holds: 1 provider"],
    [`#/why-not?q=resources%3DVGPU%3A4%26required%3D${TRAIT}`, "Nobody can take it."],
    ["#/why-not?q=resources%3DVGPU%3A4", "Candidates on the fleet"],
    ["#/health", "Large changes under way"],
  ];

  test.each([
    ["light, on a desk", {}],
    ["dark, on a desk", { isDark: true }],
    ["light, on a phone", { viewport: PHONE }],
  ])(
    "%s",
    async (_name, options) => {
      const page = await ready(await pages.open(at("#/fleet"), options));
      await page.getByLabel("Allow changes").check();
      for (const [hash = "", text = ""] of hashes()) {
        await page.evaluate((to) => {
          (globalThis as unknown as { location: { hash: string } }).location.hash = to;
        }, hash);
        await page.getByText(text, { exact: false }).first().waitFor();
        expect([hash, await violations(page)]).toEqual([hash, []]);
        expect([hash, (await overflow(page)) <= 0]).toEqual([hash, true]);
        if ("isDark" in options && hash.startsWith("#/fleet")) await picture(page, "fleet-dark");
        if ("viewport" in options && hash === `#/provider/${hostUuid(8)}`)
          await picture(page, "phone");
      }
    },
    5 * MINUTE,
  );
});
