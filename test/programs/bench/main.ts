/** `npm run bench`: the figures of docs/performance.md, each as a ratio within one run. */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { benchAttempts } from "./attempts.ts";
import { benchCalls } from "./calls.ts";
import { QUICK, THOROUGH } from "./measure.ts";
import { benchMemory } from "./memory.ts";
import { benchReading } from "./reading.ts";
import { missedTargets } from "./report.ts";
import { benchGroups, benchLimit, benchProviders } from "./search.ts";
import { benchShardLogs } from "./shard-logs.ts";

const HELP = `Usage: npm run bench -- [options]

Measures the snapshot and the search for allocation candidates.

  --quick        few providers, few runs: checks that the benchmarks work, not how fast
  --only NAMES   some of providers, limit, groups, memory, reading,
                 calls, heads, attempts; separated by commas
  --help         print this help

Ends with status 1 if a figure misses its target; never with --quick.`;

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

const effort = values.quick ? QUICK : THOROUGH;
const size = values.quick ? 1_000 : 10_000;
const largest = values.quick ? 1_000 : 100_000;

const parts: Readonly<Record<string, () => void | Promise<void>>> = {
  memory: () => benchMemory(size),
  providers: () => benchProviders(effort, largest),
  limit: () => benchLimit(effort, size),
  groups: () => benchGroups(effort),
  reading: () => benchReading(effort, size),
  calls: () => benchCalls(values.quick ? 100 : 1_000),
  heads: () => benchShardLogs(values.quick ? 200 : 1_000),
  attempts: () => (values.quick ? benchAttempts([100], 50) : benchAttempts([1_000, 20_000], 500)),
};

const names = values.only?.split(",") ?? Object.keys(parts);
const unknown = names.filter((name) => !Object.hasOwn(parts, name));

if (values.help) console.log(HELP);
else if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(", ")}\n\n${HELP}`);
  process.exitCode = 2;
} else {
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim()}`);
  for (const name of names) await parts[name]?.();
  const missed = missedTargets();
  for (const line of missed) console.log(`\nmissed: ${line}`);
  if (missed.length > 0 && !values.quick) process.exitCode = 1;
}
