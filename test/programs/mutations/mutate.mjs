/**
 * Breaks a copy of the source in one place at a time, and requires that the tests which
 * the mutation names fail.
 *
 *   npm run mutate                 all mutations; takes an hour or more
 *   npm run mutate -- NAME...      these mutations
 *   npm run mutate -- --check      only checks that each still applies and names a test
 *   npm run mutate -- --ci         the check, and a random choice for about two minutes with it
 */
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MUTATIONS } from "./list.mjs";
import { withoutTests } from "./titles.mjs";

/** @typedef {import("./list.mjs").Mutation} Mutation */

const root = fileURLToPath(new URL("../../..", import.meta.url));
const COPIED = [
  "lib",
  "functions",
  "infra",
  "test",
  "scripts",
  "docs",
  "examples",
  "package.json",
  "package-lock.json",
  "cdk.json",
  "tsconfig.json",
  "README.md",
];
const CI_TIME = 75_000;
/** A mutation may make a test wait forever. */
const TIMEOUT = 300_000;

const flags = process.argv.slice(2);
const check = flags.includes("--check");
const ci = flags.includes("--ci");
const names = flags.filter((flag) => !flag.startsWith("--"));

/**
 * @param {string} folder with the source
 * @param {Mutation} mutation
 * @returns the broken text; undefined if the mutation no longer applies to the file
 */
function broken(folder, { file, find, replace }) {
  const text = readFileSync(join(folder, file), "utf8");
  if (text.split(find).length !== 2 || find === replace) return undefined;
  return text.replace(find, () => replace);
}

/** @param {readonly Mutation[]} list */
function shuffled(list) {
  const seed = Number(process.env.MUTATION_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`drawn by MUTATION_SEED=${seed}`);
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state;
  };
  return list
    .map((mutation) => ({ mutation, place: next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ mutation }) => mutation);
}

function makeCopy() {
  const copy = mkdtempSync(join(tmpdir(), "mutate-"));
  for (const path of COPIED) cpSync(join(root, path), join(copy, path), { recursive: true });
  cpSync(join(root, "vitest.config.ts"), join(copy, "vitest.config.ts"));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/**
 * @typedef {object} Result
 * @property {number | null | undefined} status of the tests; undefined after a timeout
 * @property {string} output
 */

/**
 * @param {string} copy of the source, with the mutation applied
 * @param {Mutation} mutation
 * @returns {Promise<Result>}
 */
function runTests(copy, { tests, only }) {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const args = [vitest, "run", "--bail=1", "--reporter=dot", ...tests];
  if (only !== undefined) args.push("-t", only);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: copy,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, CI: "true" },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data) => {
        output += data;
      });
    }
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGTERM");
    }, TIMEOUT);
    child.once("close", (status) => {
      clearTimeout(timer);
      resolve({ status: late ? undefined : status, output });
    });
  });
}

/**
 * Whether the tests ran and one of them failed: a mutation that does not even load proves nothing.
 * @param {Result} result
 */
function isKilled({ status, output }) {
  return (
    status !== 0 && status !== undefined && /AssertionError|Test timed out|FAIL .+ > /.test(output)
  );
}

const unknown = names.filter((name) => !MUTATIONS.some((mutation) => mutation.name === name));
if (unknown.length > 0) {
  console.error(`no mutation is called ${unknown.join(", ")}`);
  process.exit(2);
}
let passed = 0;
let failed = 0;
for (const mutation of MUTATIONS) {
  if (broken(root, mutation) !== undefined) continue;
  console.log(`DOES NOT APPLY ${mutation.name}: ${mutation.file} has changed, write it anew`);
  failed += 1;
}
for (const { name, tests, only } of withoutTests(root, MUTATIONS)) {
  console.log(`RUNS NO TEST ${name}: none of ${tests.join(", ")} has ${only} in its title`);
  failed += 1;
}
if (failed === 0) {
  passed += 1;
  console.log(`all ${MUTATIONS.length} mutations apply and name a test`);
}
if (!check && failed === 0) {
  const wanted = MUTATIONS.filter(({ name }) => names.length === 0 || names.includes(name));
  const started = Date.now();
  const copy = makeCopy();
  try {
    for (const mutation of ci ? shuffled(wanted) : wanted) {
      if (ci && Date.now() - started > CI_TIME) break;
      const begun = Date.now();
      const path = join(copy, mutation.file);
      const sound = readFileSync(path, "utf8");
      writeFileSync(path, broken(copy, mutation) ?? sound);
      const result = await runTests(copy, mutation);
      writeFileSync(path, sound);
      const killed = isKilled(result);
      const seconds = Math.round((Date.now() - begun) / 1_000);
      const outcome = killed ? "killed" : result.status === undefined ? "TIMED OUT" : "SURVIVED";
      console.log(`${outcome} ${mutation.name} (${seconds} s): ${mutation.breaks}`);
      if (killed) passed += 1;
      else failed += 1;
      if (!killed && result.status !== 0) console.log(result.output.slice(-3_000));
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
