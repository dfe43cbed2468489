/**
 * Sends random requests to the API: `npm run fuzz -- --seed N --requests N`.
 * Without a seed it takes a new one, and prints it.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const DEFAULT_REQUESTS = "20000";
const MAX_REQUESTS = 1_000_000;

function fail(message) {
  console.error(`fuzz: ${message}`);
  process.exit(2);
}

function options() {
  try {
    return parseArgs({
      options: {
        seed: { type: "string" },
        requests: { type: "string", default: DEFAULT_REQUESTS },
      },
    }).values;
  } catch (error) {
    return fail(error.message);
  }
}

function whole(name, text, most) {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > most)
    fail(`--${name} must be from 0 to ${most}, not '${text}'`);
  return String(value);
}

const { seed, requests } = options();
const root = fileURLToPath(new URL("../../..", import.meta.url));
const env = {
  ...process.env,
  FUZZ_REQUESTS: whole("requests", requests, MAX_REQUESTS),
  FUZZ_SUMMARY: "true",
  ...(seed === undefined ? {} : { TEST_SEED: whole("seed", seed, 2 ** 31 - 1) }),
};
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const args = [vitest, "run", "test/programs/fuzz", "--disable-console-intercept"];
const tests = spawn(process.execPath, args, { cwd: root, stdio: "inherit", env });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => tests.kill(signal));
tests.once("close", (status) => process.exit(status ?? 1));
