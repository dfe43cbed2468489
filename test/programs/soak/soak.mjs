/**
 * Runs the local server at full load for some minutes: its memory must not grow, no handle
 * may leak, no request may fail, and a claim may not cost the engine more afterwards than before.
 *
 *   npm run soak -- [--minutes 10] [--workers 24] [--seed N]
 *
 * Prints measurements while it runs, then claims a second in the first and in the last minute, then
 * `N passed, N failed`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { claimCost } from "./claim-cost.mjs";
import { SoakClient, Worker } from "./worker.mjs";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    workers: { type: "string", default: "24" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
const minutes = Number(values.minutes);
const width = Number(values.workers);
const seed = Number(values.seed);
if (!(minutes > 0 && minutes <= 24 * 60 && width >= 1 && width <= 60 && Number.isInteger(seed))) {
  console.error("soak: --minutes must be above 0, --workers from 1 to 60, --seed a whole number");
  process.exit(2);
}

/**
 * @typedef {import("node:child_process").ChildProcess} ChildProcess
 * @typedef {import("./probe.mjs").Figures} Figures
 */

/** Measurements of a run; the first fifth of them is warm-up. */
const SAMPLES = 40;
const MEGABYTE = 1024 * 1024;
/** By how much the heap may grow, which includes compiled code. */
const HEAP_SLACK = 8 * MEGABYTE;
/** Resident memory is more than the heap, and the system reclaims it late. */
const RSS_SLACK = 48 * MEGABYTE;

/** Milliseconds over which claims are counted at the beginning and at the end. */
const WINDOW = 60_000;
/** How much more of the engine's time a claim may take after the load than before it. */
const MOST_GROWTH = minutes < 5 ? 1.5 : 1.1;

/** Closed connections take a moment to disappear: measures until nothing changes. */
const MIN_LOOKS = 3;
const MAX_LOOKS = 50;
const LOOK_INTERVAL = 100;

/** @param {string} name */
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
/** @param {number} bytes */
const mb = (bytes) => `${(bytes / MEGABYTE).toFixed(1)} MB`;

async function startServer() {
  const flags = ["--expose-gc", "--import", new URL("./probe.mjs", import.meta.url).href];
  const args = [...flags, here("../../../scripts/start.mjs"), "--memory", "--port", "0"];
  const server = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  const { stdout } = server;
  if (stdout === null) throw new Error("the server has no output");
  stdout.setEncoding("utf8");
  let printed = "";
  for await (const text of stdout.iterator({ destroyOnReturn: false })) {
    printed += text;
    const url = /^Placement API on (http:\S+),/m.exec(printed)?.[1];
    if (url !== undefined) {
      stdout.resume();
      return { server, url };
    }
  }
  throw new Error(`the server did not start: ${printed}`);
}

/**
 * @param {ChildProcess} server
 * @returns {Promise<Figures>}
 */
async function measure(server) {
  server.send("measure");
  const [figures] = await once(server, "message");
  return figures;
}

/**
 * With the clients' connections closed: what is left then belongs to the server.
 * @param {ChildProcess} server
 * @param {SoakClient} client
 */
async function measureAtRest(server, client) {
  client.closeConnections();
  let figures = await measure(server);
  for (let look = 0; look < MAX_LOOKS; look += 1) {
    await sleep(LOOK_INTERVAL);
    const next = await measure(server);
    if (next.files === figures.files && look >= MIN_LOOKS) return next;
    figures = next;
  }
  return figures;
}

/** @param {readonly number[]} numbers */
const median = (numbers) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/**
 * By how much the last quarter is above the second one.
 * @param {readonly Figures[]} samples
 * @param {(figures: Figures) => number} of
 */
function growth(samples, of) {
  /** @type {(from: number, to: number) => number[]} */
  const part = (from, to) =>
    samples.slice(Math.floor(samples.length * from), Math.ceil(samples.length * to)).map(of);
  return median(part(0.75, 1)) - median(part(0.25, 0.5));
}

/**
 * How many claims there were at a time.
 * @typedef {{ readonly at: number, readonly count: number }} Counted
 */

/**
 * Claims a second at the beginning and at the end, for as long as `WINDOW` if the run is long enough.
 * @param {readonly Counted[]} claims
 */
function claimRates(claims) {
  const [first] = claims;
  const last = claims.at(-1);
  if (first === undefined || last === undefined || first === last) return undefined;
  const window = Math.min(WINDOW, (last.at - first.at) / 2);
  const early = claims.find(({ at }) => at - first.at >= window) ?? last;
  const late = claims.findLast(({ at }) => last.at - at >= window) ?? first;
  /** @type {(from: Counted, to: Counted) => number} */
  const rate = (from, to) => ((to.count - from.count) * 1_000) / (to.at - from.at);
  return { early: rate(first, early), late: rate(late, last) };
}

async function run() {
  const { server, url } = await startServer();
  const ended = once(server, "exit");
  const client = new SoakClient(url);
  const workers = Array.from({ length: width }, (_, index) => new Worker(client, seed + index));
  const stop = { now: false };
  await Promise.all(workers.map((worker) => worker.round()));
  const engineTime = async () => (await measure(server)).engineTime;
  const early = await claimCost(client, engineTime);
  const before = await measureAtRest(server, client);
  console.log(`seed ${seed}, ${width} workers, ${minutes} minutes, heap ${mb(before.heapUsed)}`);

  const running = Promise.all(workers.map((worker) => worker.until(stop)));
  /** @type {Figures[]} */
  const samples = [];
  const claims = [{ at: performance.now(), count: client.claims }];
  const interval = (minutes * 60_000) / SAMPLES;
  let counted = client.answered;
  for (let sample = 1; sample <= SAMPLES && client.errors.length === 0; sample += 1) {
    await sleep(interval);
    const figures = await measure(server);
    samples.push(figures);
    claims.push({ at: performance.now(), count: client.claims });
    if (sample % 4 === 0) {
      const rate = Math.round(((client.answered - counted) * 1_000) / (4 * interval));
      counted = client.answered;
      const { heapUsed, rss, files } = figures;
      console.log(
        `${((sample * interval) / 60_000).toFixed(1)} min: ${rate} requests/s, heap ${mb(heapUsed)}, resident ${mb(rss)}, ${files ?? "?"} files`,
      );
    }
  }
  stop.now = true;
  await running;
  const late = await claimCost(client, engineTime);
  const left = await client.leftOver();
  const after = await measureAtRest(server, client);
  server.kill("SIGTERM");
  const [status] = await ended;
  return { client, samples, claims, early, late, before, after, left, status };
}

/**
 * @param {Awaited<ReturnType<typeof run>>} outcome
 * @returns {[what: string, holds: boolean][]}
 */
function verdicts({ client, samples, early, late, before, after, left, status }) {
  const heap = growth(samples, ({ heapUsed }) => heapUsed);
  const rss = growth(samples, (figures) => figures.rss);
  const kinds = ["TCPServerWrap", "Timeout", "Immediate", "FSReqCallback"];
  const more = kinds.filter((kind) => (after.resources[kind] ?? 0) > (before.resources[kind] ?? 0));
  const sockets = (after.resources.TCPSocketWrap ?? 0) - (before.resources.TCPSocketWrap ?? 0);
  const files = (after.files ?? 0) - (before.files ?? 0);
  // The SDK keeps up to 50 connections to the engine open.
  const POOL = 50;
  return [
    [`${client.answered} requests were answered as they should be`, client.errors.length === 0],
    [`the heap grew by ${mb(heap)}`, heap <= HEAP_SLACK],
    [`resident memory grew by ${mb(rss)}`, rss <= RSS_SLACK],
    [`${more.length === 0 ? "no" : more.join()} handles are left over`, more.length === 0],
    [`${sockets} sockets and ${files} files more than before`, sockets <= POOL && files <= POOL],
    [`${left} providers and consumers are left in the table`, left === 0],
    [`the server ended with status ${status}`, status === 0],
    ...costVerdicts(early, late),
  ];
}

/**
 * @param {number | undefined} early
 * @param {number | undefined} late
 * @returns {[what: string, holds: boolean][]}
 */
function costVerdicts(early, late) {
  if (early === undefined || late === undefined) return [];
  const ratio = late / early;
  const told = `${early.toFixed(2)} ms of the engine before the load, ${late.toFixed(2)} after it`;
  return [[`a claim took ${told}, ratio ${ratio.toFixed(2)}`, ratio <= MOST_GROWTH]];
}

const outcome = await run();
for (const error of outcome.client.errors.slice(0, 10)) console.error(error);
const rates = claimRates(outcome.claims);
// Not asserted: other programs on the machine change it as well.
if (rates !== undefined) {
  const { early, late } = rates;
  console.log(
    `claims a second: ${early.toFixed(0)} in the first minute, ${late.toFixed(0)} in the last, ratio ${(late / early).toFixed(2)}`,
  );
}
const results = verdicts(outcome);
for (const [what, holds] of results) console.log(`${holds ? "passed" : "FAILED"}: ${what}`);
const failed = results.filter(([, holds]) => !holds).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
