/**
 * Runs an older release and this one on one table, as during a deployment, and compares what
 * they show after every write; then goes back to the older one, and at last upgrades the table:
 *
 *   git worktree add /tmp/older 15ff8ac && (cd /tmp/older && npm ci)
 *   node test/programs/side-by-side.mjs /tmp/older [STEPS]
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const older = resolve(process.argv[2] ?? "");
const STEPS = Number(process.argv[3] ?? 150);
const seed = Number(process.env["TEST_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const [ENGINE_PORT, OLD_PORT, NEW_PORT] = [18_790, 18_791, 18_792];
const environment = {
  PATH: process.env["PATH"],
  DYNAMODB_ENDPOINT: `http://127.0.0.1:${ENGINE_PORT}`,
  TABLE_NAME: "side-by-side",
};

let state = seed;
/** Linear congruential, with the constants of "Numerical Recipes". */
const below = (/** @type {number} */ bound) => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * bound);
};
/** @type {(n: number) => string} */
const uuid = (n) => `0000000a-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;

/**
 * @param {string[]} command
 * @param {number} port
 */
async function start(command, port) {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { env: environment, stdio: ["ignore", "ignore", "inherit"] });
  for (let tries = 0; tries < 600; tries += 1) {
    const answers = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    if (answers !== undefined) return child;
    await sleep(100);
  }
  throw new Error(`nothing answers on port ${port}`);
}

/** @param {import("node:child_process").ChildProcess} child */
async function stop(child) {
  const ended = new Promise((done) => child.once("close", done));
  child.kill("SIGTERM");
  await ended;
}

/** @type {(folder: string, port: number, ...more: string[]) => ReturnType<typeof start>} */
const serve = (folder, port, ...more) =>
  start([process.execPath, join(folder, "scripts/start.mjs"), "--port", `${port}`, ...more], port);

/** @type {(port: number, method: string, path: string, body?: unknown) => Promise<{status: number, body: any}>} */
async function call(port, method, path, body) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: {
      "x-auth-token": "admin",
      "openstack-api-version": "placement 1.39",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

/** A write by the server at `port`; its status. @param {number} port */
async function write(port) {
  const at = `/resource_providers/${uuid(below(12))}`;
  const consumer = `/allocations/${uuid(1_000 + below(40))}`;
  const generation = async () => (await call(port, "GET", at)).body.generation ?? 0;
  const owner = { project_id: "p", user_id: "u", consumer_type: "INSTANCE" };
  switch (below(8)) {
    case 0:
      return call(port, "POST", "/resource_providers", { uuid: at.slice(20), name: at });
    case 1:
      return call(port, "PUT", `${at}/inventories`, {
        resource_provider_generation: await generation(),
        inventories: { VCPU: { total: 200 + below(500) } },
      });
    case 2:
      return call(port, "PUT", `${at}/traits`, {
        resource_provider_generation: await generation(),
        traits: below(2) === 0 ? ["HW_CPU_X86_AVX2"] : [],
      });
    case 3:
      return call(port, "PUT", `${at}/aggregates`, {
        resource_provider_generation: await generation(),
        aggregates: [uuid(7)],
      });
    case 4:
      return call(port, "DELETE", consumer);
    case 5:
      return call(port, "DELETE", at);
    case 6: {
      // More than one transaction holds.
      const claims = Array.from({ length: 60 }, (_, n) => [
        uuid(5_000 + below(10_000) * 60 + n),
        {
          allocations: { [at.slice(20)]: { resources: { VCPU: 1 } } },
          consumer_generation: null,
          ...owner,
        },
      ]);
      return call(port, "POST", "/allocations", Object.fromEntries(claims));
    }
    default: {
      const { consumer_generation = null } = (await call(port, "GET", consumer)).body;
      const allocations = { [at.slice(20)]: { resources: { VCPU: 1 + below(3) } } };
      return call(port, "PUT", consumer, { allocations, consumer_generation, ...owner });
    }
  }
}

/** What the lists of a server show, without an order: the older release had none. @param {number} port */
async function shown(port) {
  const paths = [
    "/resource_providers",
    `/resource_providers?member_of=${uuid(7)}`,
    "/resource_providers?required=HW_CPU_X86_AVX2",
    "/allocation_candidates?resources=VCPU:1&limit=1000",
    "/usages?project_id=p",
  ];
  const bodies = await Promise.all(paths.map(async (path) => (await call(port, "GET", path)).body));
  return JSON.stringify(bodies)
    .replaceAll("[", ",")
    .split(/[,{}\]]+/)
    .sort()
    .join();
}

/** @param {readonly number[]} ports */
async function compare(ports) {
  const [first, ...others] = await Promise.all(ports.map(shown));
  if (others.some((other) => other !== first)) throw new Error("the servers show different things");
}

/** @type {(ports: readonly number[], steps: number) => Promise<void>} */
async function run(ports, steps) {
  /** @type {Record<string, number>} */
  const statuses = {};
  for (let step = 0; step < steps; step += 1) {
    const port = ports[below(ports.length)] ?? NEW_PORT;
    const { status, body } = await write(port);
    if (status >= 500) throw new Error(`${status}: ${JSON.stringify(body)}`);
    statuses[status] = (statuses[status] ?? 0) + 1;
    await compare(ports);
  }
  console.log(
    `${steps} writes by ${ports.length} servers, equal after each: ${JSON.stringify(statuses)}`,
  );
}

console.log(`TEST_SEED=${seed}`);
const manifest = createRequire(import.meta.url).resolve("@dynoxide/linux-x64/package.json");
const dynoxide = join(dirname(manifest), "dynoxide");
const engine = await start(
  [dynoxide, "serve", "--host", "127.0.0.1", "--port", `${ENGINE_PORT}`],
  ENGINE_PORT,
);
/** @type {import("node:child_process").ChildProcess[]} */
const servers = [];
try {
  servers.push(await serve(older, OLD_PORT));
  for (let n = 0; n < 10; n += 1) {
    const at = `/resource_providers/${uuid(n)}`;
    const body = { uuid: uuid(n), name: at };
    await call(OLD_PORT, "POST", "/resource_providers", body);
    const inventories = { VCPU: { total: 500 } };
    await call(OLD_PORT, "PUT", `${at}/inventories`, {
      resource_provider_generation: 0,
      inventories,
    });
  }
  await run([OLD_PORT], 20);
  servers.push(await serve(root, NEW_PORT));
  await run([OLD_PORT, NEW_PORT], STEPS);
  console.log("the older release alone is deployed again");
  for (const each of servers.splice(0)) await stop(each);
  servers.push(await serve(older, OLD_PORT));
  await run([OLD_PORT], 20);
  const before = await shown(OLD_PORT);
  console.log("this release alone, which upgrades the table");
  for (const each of servers.splice(0)) await stop(each);
  servers.push(await serve(root, NEW_PORT, "--upgrade"));
  if ((await shown(NEW_PORT)) !== before) throw new Error("the upgrade changed what is shown");
  await run([NEW_PORT], 20);
  for (const each of servers.splice(0)) await stop(each);
  const verify = spawn(
    process.execPath,
    [join(root, "scripts/run-program.mjs"), "lib/local/verify.ts"],
    {
      env: environment,
      stdio: "inherit",
    },
  );
  process.exitCode = await new Promise((done) => verify.once("close", done));
} finally {
  for (const each of [...servers, engine]) await stop(each);
}
