/** The views of the console show what the API says, in a real browser. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Api, startApi } from "../support/api.ts";
import { startBrowser } from "./support/browser.ts";
import { seedHosts } from "./support/nested-fleet.ts";
import { type Site, serveConsole } from "./support/site.ts";

const HOSTS = 1_000;
let api: Api;
let site: Site;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  api = await startApi({ events: "fed" });
  const began = Date.now();
  console.log("seeded", await seedHosts(api, HOSTS), Date.now() - began);
  site = await serveConsole(api.url);
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
  page.on("console", (message) => console.log(message.text()));
  page.on("pageerror", (error) => console.log(error));
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
  await api?.close();
});

test("dev", async () => {
  const shots = process.env["CONSOLE_SCREENSHOTS"] ?? "/tmp/shots";
  await page.goto(site.url);
  await page.getByText(/1,000 roots of 1000/).waitFor({ timeout: 20_000 });
  await page.waitForTimeout(500);
  await page.screenshot({ path: `${shots}/fleet.png` });
  await page
    .getByRole("link", { name: /compute-/ })
    .first()
    .click();
  await page.getByText("Who holds it").waitFor();
  await page.waitForTimeout(800);
  await page.screenshot({ path: `${shots}/provider.png`, fullPage: true });
  await page.locator("a.id").first().click();
  await page.getByText("Whose it is").waitFor();
  await page.waitForTimeout(500);
  await page.screenshot({ path: `${shots}/consumer.png`, fullPage: true });
  await page.goto(`${site.url}#/consumers`);
  await page.waitForTimeout(800);
  await page.screenshot({ path: `${shots}/consumers.png` });
  await page.goto(`${site.url}#/why-not?q=resources%3DVGPU%3A4%26required%3DHW_CPU_X86_AVX512F`);
  await page.waitForTimeout(1500);
  await page.screenshot({ path: `${shots}/why-not.png`, fullPage: true });
  await page.goto(`${site.url}#/why-not?q=resources%3DVGPU%3A4`);
  await page.waitForTimeout(1500);
  await page.screenshot({ path: `${shots}/why.png`, fullPage: true });
  await page.goto(`${site.url}#/health`);
  await page.waitForTimeout(1500);
  await page.screenshot({ path: `${shots}/health.png`, fullPage: true });
  expect(1).toBe(1);
});
