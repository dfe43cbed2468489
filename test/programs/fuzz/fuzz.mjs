/**
 * Sends random requests to the API: `npm run fuzz -- --seed N --requests N`.
 * Without a seed it draws one and prints it.
 */
import { parseArgs } from "node:util";
import { runVitest } from "../../../scripts/vitest.mjs";

const DEFAULT_REQUESTS = "20000";
const MAX_REQUESTS = 1_000_000;
const MAX_SEED = 2 ** 31 - 1;

/**
 * @param {string} message
 * @returns {never}
 */
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
    return fail(error instanceof Error ? error.message : String(error));
  }
}

/**
 * @param {string} name of the option
 * @param {string} text
 * @param {number} most
 */
function whole(name, text, most) {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > most) {
    fail(`--${name} must be a whole number from 0 to ${most}, not '${text}'`);
  }
  return String(value);
}

const { seed, requests } = options();
runVitest(
  ["test/programs/fuzz"],
  {
    FUZZ_REQUESTS: whole("requests", requests, MAX_REQUESTS),
    FUZZ_SUMMARY: "true",
    ...(seed === undefined ? {} : { TEST_SEED: whole("seed", seed, MAX_SEED) }),
  },
  ["--disable-console-intercept"],
);
