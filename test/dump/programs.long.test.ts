/** `npm run dump` and `npm run load`, on data folders and on tables elsewhere. */
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeWorld } from "../maintenance/damage.ts";
import { type Api, startApi } from "../support/api.ts";
import { OLD_TABLE, oldItemLines } from "../support/dumps.ts";
import { Program } from "../support/program.ts";

const script = fileURLToPath(new URL("../../scripts/run-program.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "dumps-"));
const at = (name: string) => join(folder, name);
let api: Api;

beforeAll(async () => {
  api = await startApi();
  await makeWorld(api);
  cpSync(join(OLD_TABLE, "data"), at("old"), { recursive: true });
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

async function run(command: string, args: readonly string[], environment = {}) {
  const program = new Program({
    args: [`lib/local/${command}.ts`, ...args],
    environment,
    script,
  });
  const status = await program.ended;
  return { status, stdout: program.stdout, stderr: program.stderr };
}

const table = () => ({ DYNAMODB_ENDPOINT: api.endpoint, TABLE_NAME: api.tableName });
const linesOf = (name: string) => readFileSync(at(name), "utf8").trimEnd().split("\n");

test("the data folder of commit 15ff8ac is dumped as it is, loaded, upgraded, and verifies", async () => {
  const dumped = await run("dump", ["--data", at("old"), "--to", at("old.jsonl")]);
  expect(dumped).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^576 items of folder/),
  });
  expect(linesOf("old.jsonl").slice(1, -1).toSorted()).toEqual(oldItemLines().toSorted());
  expect(linesOf("old.jsonl")[0]).toBe('{"placementDump":1,"format":1,"pseudonyms":false}');
  expect(statSync(at("old.jsonl")).mode & 0o777).toBe(0o600);

  const loaded = await run("load", ["--data", at("new"), "--from", at("old.jsonl")]);
  expect(loaded).toMatchObject({ status: 0, stdout: expect.stringMatching(/^576 items of /) });
  const again = await run("dump", ["--data", at("new"), "--to", at("new.jsonl.gz")]);
  expect(again.status).toBe(0);
  const text = gunzipSync(readFileSync(at("new.jsonl.gz"))).toString("utf8");
  expect(text.trimEnd().split("\n").toSorted()).toEqual(linesOf("old.jsonl").toSorted());

  // Its server upgrades it; what that release left otherwise is repaired.
  await run("verify", ["--data", at("new"), "--repair"]);
  const verified = await run("verify", ["--data", at("new"), "--repair"]);
  // Two consumers that are one in two spellings are left to the operator.
  const broken = verified.stdout.split("\n").filter((line) => /^(broken|left)/.test(line));
  expect(broken.every((line) => line.startsWith("left (spelling): "))).toBe(true);
  expect(broken).toHaveLength(1);
}, 300_000);

test("a table elsewhere is dumped with pseudonyms, the same ones for the same secret", async () => {
  const secret = { PLACEMENT_PSEUDONYM_SECRET: "sixteen or more characters" };
  for (const name of ["a.jsonl", "b.jsonl"]) {
    const dumped = await run("dump", ["--pseudonyms", "--to", at(name)], { ...table(), ...secret });
    expect(dumped.status).toBe(0);
  }
  expect(linesOf("a.jsonl")).toEqual(linesOf("b.jsonl"));
  expect(linesOf("a.jsonl").join()).not.toContain("11111111-1111");
  const loaded = await run("load", ["--data", at("pseudonyms"), "--from", at("a.jsonl")]);
  expect(loaded.status).toBe(0);
  const verified = await run("verify", ["--data", at("pseudonyms")]);
  expect(verified.stdout).toMatch(/: 0 broken, 0 repaired, 0 uncertain\n$/);
}, 300_000);

test("a load does not go into a table that is not empty, nor from a file that is cut off", async () => {
  const before = await api.items();
  await run("dump", ["--to", at("whole.jsonl")], table());
  const full = await run("load", ["--from", at("whole.jsonl")], table());
  expect(full).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^load: it is not empty/),
  });
  expect(await api.items()).toEqual(before);
  writeFileSync(at("cut.jsonl"), linesOf("whole.jsonl").slice(0, 9).join("\n"));
  const cut = await run("load", ["--data", at("none"), "--from", at("cut.jsonl")]);
  expect(cut).toMatchObject({ status: 1, stderr: expect.stringContaining("it was cut off") });
  expect(existsSync(at("none"))).toBe(false);
}, 300_000);

test.each([
  ["dump", [], "--to FILE"],
  ["dump", ["--to", "x", "--data", "/nowhere/at/all"], "there is no data folder"],
  ["dump", ["--bogus"], "'npm run dump -- --help' lists the options"],
  ["load", [], "--from FILE"],
  ["load", ["--from", "/nowhere/at/all"], "there is no file /nowhere/at/all"],
  ["load", ["--bogus"], "'npm run load -- --help' lists the options"],
  ["restore", [], "--table names"],
])(
  "%s is not called with %j",
  async (command, args, words) => {
    const answer = await run(command, args);
    expect(answer).toMatchObject({ status: 2, stderr: expect.stringContaining(words) });
  },
  60_000,
);

test("a file that cannot be written, or read, is one line", async () => {
  const unwritable = await run("dump", ["--to", at("no/such/folder.jsonl")], table());
  expect(unwritable.status).toBe(1);
  expect(unwritable.stderr).toMatch(/^dump: .*cannot be written \(ENOENT\)\n$/);
  const unreadable = await run("load", ["--data", at("none"), "--from", at(".")]);
  expect(unreadable.status).toBe(1);
  expect(unreadable.stderr).toMatch(/^load: .*EISDIR.*\n$/);
}, 60_000);
