/** `npm run bench`: the figures of docs/performance.md, each as a ratio within one run. */
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { benchAttempts } from "./attempts.ts";
import { benchBare } from "./bare/main.ts";
import { benchCalls } from "./calls.ts";
import { benchClaimsByQuery } from "./claims-by-query.ts";
import { benchCurves } from "./curves/main.ts";
import { benchEvents } from "./events.ts";
import { QUICK, THOROUGH } from "./measure.ts";
import { benchMemory } from "./memory.ts";
import { benchMetrics } from "./metrics.ts";
import { benchPeer } from "./peer/main.ts";
import { type PeerArguments, peerOptions } from "./peer/options.ts";
import { benchReading } from "./reading.ts";
import { missedTargets } from "./report.ts";
import { benchGroups, benchLimit, benchProviders } from "./search.ts";
import { benchShardLogs } from "./shard-logs.ts";

const HELP = `Usage: npm run bench -- [options]
       npm run bench -- --peer URL [options]

Measures the snapshot and the search for allocation candidates. With --peer, plays the same
load on the Placement at URL, which has to be empty, and on ours, alternating.

  --quick           few providers, few runs: checks that the benchmarks work, not how fast
  --only NAMES      some of providers, limit, groups, memory, reading,
                    calls, heads, attempts, bare, curves, metrics, claims-by-query,
                    events;
                    separated by commas
  --help            print this help

With --peer:

  --only NAMES      some of the scenes, separated by commas: an unknown name lists them
  --clients NUMBERS numbers of clients, separated by commas (default: 1,8,32)
  --seconds NUMBER  of a slice (default: 1)
  --slices NUMBER   of each side (default: 6)
  --size NUMBER     flat hosts (default: 1,000)
  --consumers NUMBER  consumers of one project (default: 3,000)
  --seed NUMBER     of the data and the requests (default: random)

Ends with status 1 if a figure misses its target, never with --quick; with --peer also if
a request to ours fails.`;

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    peer: { type: "string" },
    clients: { type: "string" },
    seconds: { type: "string" },
    slices: { type: "string" },
    size: { type: "string" },
    consumers: { type: "string" },
    seed: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

const effort = values.quick ? QUICK : THOROUGH;
const size = values.quick ? 1_000 : 10_000;
const largest = values.quick ? 1_000 : 100_000;

const THOROUGH_BARE = { clients: [1, 8, 32], hosts: 100, milliseconds: 1_000, slices: 6 };
const QUICK_BARE = { clients: [1, 32], hosts: 10, milliseconds: 50, slices: 2 };

const THOROUGH_CLAIMS = { clients: [1, 8, 32], hosts: 1_000, milliseconds: 1_000, slices: 6 };
const QUICK_CLAIMS = { clients: [4], hosts: 50, milliseconds: 50, slices: 2 };

const parts: Readonly<Record<string, () => void | Promise<void>>> = {
  memory: () => benchMemory(size),
  providers: () => benchProviders(effort, largest),
  limit: () => benchLimit(effort, size),
  groups: () => benchGroups(effort),
  reading: () => benchReading(effort, size),
  calls: () => benchCalls(values.quick ? 100 : 1_000),
  heads: () => benchShardLogs(values.quick ? 200 : 1_000),
  attempts: () => (values.quick ? benchAttempts([100], 50) : benchAttempts([1_000, 20_000], 500)),
  bare: () => benchBare(values.quick ? QUICK_BARE : THOROUGH_BARE),
  curves: () => benchCurves(values.quick),
  metrics: () => benchMetrics(effort, size),
  events: () => (values.quick ? benchEvents(1, 100) : benchEvents(6, 1_000)),
  "claims-by-query": () => benchClaimsByQuery(values.quick ? QUICK_CLAIMS : THOROUGH_CLAIMS),
};

function printMachine(): void {
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim()}`);
}

/** @returns the exit status */
async function beside(given: PeerArguments): Promise<number> {
  let options: ReturnType<typeof peerOptions>;
  try {
    options = peerOptions(given);
  } catch (error) {
    return misused((error as Error).message);
  }
  printMachine();
  console.log(
    `Load of the machine before: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(", ")}`,
  );
  try {
    const { sound, missed } = await benchPeer(options);
    return sound && (missed.length === 0 || given.quick) ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

/** @returns the exit status */
async function alone(): Promise<number> {
  const names = values.only?.split(",") ?? Object.keys(parts);
  const unknown = names.filter((name) => !Object.hasOwn(parts, name));
  if (unknown.length > 0) return misused(`unknown: ${unknown.join(", ")}`);
  printMachine();
  for (const name of names) await parts[name]?.();
  const missed = missedTargets();
  for (const line of missed) console.log(`\nmissed: ${line}`);
  return missed.length > 0 && !values.quick ? 1 : 0;
}

function misused(reason: string): number {
  console.error(`${reason}\n\n${HELP}`);
  return 2;
}

const { peer } = values;
if (values.help) console.log(HELP);
else process.exitCode = peer === undefined ? await alone() : await beside({ ...values, peer });
