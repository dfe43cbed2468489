/** `npm run verify` on a data folder and on a table elsewhere. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hotKey } from "../../lib/store/items/hot.ts";
import { type Api, startApi } from "../support/api.ts";
import { Program } from "../support/program.ts";
import { CHILD, handsOf, makeWorld } from "./damage.ts";

const VERIFY = "lib/local/verify.ts";
const script = fileURLToPath(new URL("../../scripts/run-program.mjs", import.meta.url));
const OLD_FOLDER = fileURLToPath(new URL("../fixtures/table-15ff8ac/data", import.meta.url));
let api: Api;
let folder: string;

beforeAll(async () => {
  api = await startApi();
  await makeWorld(api);
  folder = mkdtempSync(join(tmpdir(), "verify-"));
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

async function verify(args: readonly string[], environment: Record<string, string> = {}) {
  const program = new Program({ args: [VERIFY, ...args], environment, script });
  const status = await program.ended;
  return { status, stdout: program.stdout, stderr: program.stderr };
}

const table = () => ({ DYNAMODB_ENDPOINT: api.endpoint, TABLE_NAME: api.tableName });

test("a table elsewhere is verified, then repaired", async () => {
  expect(await verify([], table())).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/ items in .*: 0 broken, 0 repaired, 0 uncertain\n$/),
  });
  await handsOf(api).set(hotKey(CHILD), ["n"], 7);
  const broken = await verify([], table());
  expect(broken.stdout).toContain(
    `broken (use): provider ${CHILD} counts 7 consumers, but 1 found`,
  );
  expect(broken.status).toBe(1);
  const json = await verify(["--json"], table());
  expect(JSON.parse(json.stdout.split("\n")[0] ?? "")).toMatchObject({ rule: "use" });
  const repaired = await verify(["--repair"], table());
  expect(repaired.stdout).toContain("repaired (use)");
  expect(repaired.stdout).toMatch(/: 1 broken, 1 repaired, 0 uncertain\n$/);
  expect(repaired.status).toBe(0);
  expect((await verify([], table())).status).toBe(0);
}, 60_000);

test("a data folder is verified when its server has stopped", async () => {
  const server = new Program({ args: ["--data", folder, "--port", "0"] });
  await server.ready();
  const taken = await verify(["--data", folder]);
  expect(taken.status).toBe(1);
  expect(taken.stderr).toContain("verify: ");
  await server.stop();
  expect(await verify(["--data", folder])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("0 broken"),
  });
}, 60_000);

test.each([
  [["--bogus"], "'npm run verify -- --help' lists the options"],
  [["--data", "/nowhere/at/all"], "there is no data folder"],
])("is not called with %j", async (args, words) => {
  expect(await verify(args)).toMatchObject({ status: 2, stderr: expect.stringContaining(words) });
});

test("a table that does not exist is not made", async () => {
  const answer = await verify([], { ...table(), TABLE_NAME: "no-such-table" });
  expect(answer).toMatchObject({ status: 1, stderr: expect.stringContaining("there is no table") });
});

test("a folder of an older release is only read, so that the release can go on with it", async () => {
  const old = mkdtempSync(join(tmpdir(), "verify-old-"));
  cpSync(OLD_FOLDER, old, { recursive: true });
  const read = await verify(["--data", old]);
  expect(read.stdout).toMatch(/ items in .*: \d+ broken, 0 repaired, 0 uncertain\n$/);
  expect(read.stderr).not.toContain("upgraded");
  const repaired = await verify(["--data", old, "--repair"]);
  expect(repaired.stderr).toContain("upgraded from format 1 to 2");
  rmSync(old, { recursive: true });
});
