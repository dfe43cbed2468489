/** What a browser loads: how much it is, and what is not in it. */
import { gzipSync } from "node:zlib";
import { beforeAll, expect, expectTypeOf, test } from "vitest";
import type { Config } from "../../console/session/config.ts";
import { bundleConsole } from "../../infra/bundling.mjs";
import type { ConsoleConfig } from "../../lib/api/console/config.ts";

/** Bytes, compressed as servers do: before a curve is shown, and in all. */
const [AT_FIRST, IN_ALL] = [60_000, 90_000] as const;

let files: ReadonlyMap<string, Uint8Array>;

beforeAll(async () => {
  const built = await bundleConsole("dist/console");
  files = new Map(built.map(({ path, contents }) => [path.split("/").at(-1) ?? "", contents]));
});

const scripts = () => [...files].filter(([name]) => name.endsWith(".js"));
const sizeOf = (named: ReturnType<typeof scripts>) =>
  named.reduce((sum, [, contents]) => sum + gzipSync(contents).length, 0);

test("is configured by what the server and the stack write", () => {
  expectTypeOf<Config>().toEqualTypeOf<ConsoleConfig>();
});

test("is three files, with hashes in their names", () => {
  const names = [...files.keys()].map((name) => name.replace(/-[A-Z0-9]{8}\./, "-HASH."));
  expect(names.sort()).toEqual(["app-HASH.css", "app-HASH.js", "curves-HASH.js"]);
});

test("is small, and curves are loaded when they are shown", () => {
  const first = scripts().filter(([name]) => !name.startsWith("curves-"));
  expect(first).toHaveLength(1);
  expect(sizeOf(first)).toBeLessThan(AT_FIRST);
  expect(sizeOf(scripts())).toBeLessThan(IN_ALL);
});

test("carries neither schemas nor a signer, and makes no HTML of text", () => {
  const text = scripts()
    .map(([, contents]) => new TextDecoder().decode(contents))
    .join("\n");
  for (const absent of ["ZodError", "AWS4-HMAC-SHA256", "node:crypto"]) {
    expect([absent, text.includes(absent)]).toEqual([absent, false]);
  }
});
