/** The built console, as the server serves it, and pages in a real browser that look at it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type ConsoleAuth, originsFor } from "../../../lib/api/console/config.ts";
import { loadConsole } from "../../../lib/local/console/files.ts";
import type { ConsoleParts } from "../../../lib/local/console/site.ts";

const dist = fileURLToPath(new URL("../../../dist/console/", import.meta.url));
const axeSource = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);

export function builtConsole(auth: ConsoleAuth = { kind: "none" }): ConsoleParts {
  const files = loadConsole(dist);
  if (files === undefined)
    throw new Error("the console is not built: npm run test:console does it");
  return { options: { auth, connect: originsFor(auth) }, files };
}

export const PHONE = { width: 380, height: 800 };
const DESK = { width: 1_200, height: 800 };

export interface Pages {
  /** Of its own context, until the test ends; fails the file if the page fails or its policy is broken. */
  open(
    url: string,
    options?: { readonly viewport?: typeof DESK; readonly isDark?: boolean },
  ): Promise<Page>;
}

/** A browser for the tests of a file: Debian's chromium. */
export function usePages(): Pages {
  let browser: Browser;
  const problems: string[] = [];
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        ...["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        ...["--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic"],
      ],
    });
  });
  // Each open page waits for events, and a server lets only some wait.
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    expect(problems).toEqual([]);
  });
  return {
    open: async (url, { viewport = DESK, isDark = false } = {}) => {
      const colorScheme = isDark ? ("dark" as const) : ("light" as const);
      const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
      const page = await context.newPage();
      page.on("pageerror", (error) => problems.push(String(error)));
      page.on("console", (message) => {
        if (message.text().includes("Content Security Policy")) problems.push(message.text());
      });
      await page.goto(url);
      return page;
    },
  };
}

/** What axe finds wrong; it is injected by the driver, past the page's policy. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const found: { id: string; nodes: { html: string }[] }[] = await page.evaluate(
    "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) })))",
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

/** As a reader sees it: with spaces between cells. */
// biome-ignore lint/performance/useDomNodeTextContent: the text without its layout has no spaces
export const textOf = (element: Locator): Promise<string> => element.innerText();

/** Pixels by which the page is wider than the screen. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
