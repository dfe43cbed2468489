/** The command line of `npm run import`, and the folder and table that it names. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDataFolder } from "../../lib/local/data-folder.ts";
import { useApi } from "../support/frame.ts";
import { makeProvider } from "../support/world.ts";
import { runProgram, tableOf } from "./run.ts";

const source = useApi();
let folder: string;

beforeAll(async () => {
  await makeProvider(source, { VCPU: 1 });
  folder = mkdtempSync(join(tmpdir(), "import-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const FROM = ["--from", "http://127.0.0.1:1"];
const TOKEN = ["--token", "admin"];

test.each<[readonly string[], Record<string, string>, string]>([
  [[], {}, "--from needs the URL of a Placement"],
  [["--from", "ftp://host", ...TOKEN], {}, "--from needs the URL of a Placement"],
  [["--from", "http://u:secret@host", ...TOKEN], {}, "--from must contain no user and no password"],
  [FROM, { OS_AUTH_URL: "garbage" }, "OS_AUTH_URL needs the URL of Keystone"],
  [FROM, {}, "name a token with --token, or Keystone's OS_AUTH_URL"],
  [[...FROM, "--token", ""], {}, "--token needs a token"],
  [FROM, { OS_AUTH_URL: "http://127.0.0.1:1" }, "OS_USERNAME has to be set"],
  [[...FROM, ...TOKEN, "--follow", "--verify"], {}, "exclude each other"],
  [[...FROM, ...TOKEN, "--parallel", "0"], {}, "--parallel must be a number from 1 to 64"],
  [
    [...FROM, ...TOKEN, "--follow", "--passes", "x"],
    {},
    "--passes must be a number from 1 to 100000",
  ],
  [[...FROM, ...TOKEN, "--passes", "2"], {}, "--passes says how often --follow reads"],
  [[...FROM, ...TOKEN, "--frmo", "x"], {}, "'npm run import -- --help' lists the options"],
  [[...FROM, ...TOKEN, "--data", ""], {}, "--data needs a folder"],
])("%j with %j is refused", async (args, environment, words) => {
  const { status, lines, warnings } = await runProgram(args, environment);
  expect(status).toBe(2);
  expect(lines).toEqual([]);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(words);
});

test("the help names every option", async () => {
  const { status, lines } = await runProgram(["--help"], {});
  expect(status).toBe(0);
  for (const flag of ["from", "token", "data", "follow", "verify", "dry-run", "as-is", "prune"]) {
    expect(lines.some((line) => line.startsWith(`  --${flag}`))).toBe(true);
  }
});

const run = (args: string[], environment: Record<string, string> = {}) =>
  runProgram(["--from", source.url, ...TOKEN, ...args], environment);

test("a table that is absent is planned for, and is nothing to compare", async () => {
  const path = join(folder, "absent");
  const planned = await run(["--data", path, "--dry-run"]);
  expect(planned.lines.at(-1)).toBe("1 provider to create in a table that does not exist yet");
  expect(planned.status).toBe(1);
  const compared = await run(["--data", path, "--verify"]);
  expect(compared.status).toBe(2);
  expect(compared.warnings.at(-1)).toBe(
    `import: there is no table in the folder ${path}: name another with --data`,
  );
  const elsewhere = { ...tableOf(source), TABLE_NAME: "no-such-table" };
  const missing = await run(["--verify"], elsewhere);
  expect(missing.status).toBe(2);
  expect(missing.warnings.at(-1)).toContain("there is no table no-such-table");
});

test("a data folder is taken while nobody else has it", async () => {
  const path = join(folder, "data");
  const taken = await openDataFolder(path);
  const refused = await run(["--data", path]);
  expect(refused.status).toBe(2);
  expect(refused.warnings.at(-1)).toMatch(/is in use by the server with process id \d+: stop it/);
  await taken.release();
  expect((await run(["--data", path])).lines.at(-1)).toBe("0 differences");
  expect((await run(["--data", path, "--verify"])).status).toBe(0);
});
