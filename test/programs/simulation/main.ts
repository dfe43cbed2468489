/** `npm run simulate`: see docs/reliability.md. */
import { parseArgs } from "node:util";
import { dynoxide, findEngine, startEngine } from "../../../lib/local/engine.ts";
import { REPEATS, type Repeats } from "../../support/repeats.ts";
import { type RoundReport, runRound } from "./round.ts";

const HELP = `Usage: npm run simulate -- [options]

Runs the whole service with clients, skewed clocks, failures and crashes that are
drawn from a seed, and checks every answer and the table.

  --seed NUMBER     seed of the first round; each further round adds one (default: random)
  --minutes NUMBER  start rounds during this time (default: one round)
  --rounds NUMBER   run this many rounds
  --repeats WAY     how writes are recognised when they are sent again: tokens or
                    attempts (default: as the seed decides)
  --ci              run the fixed seeds and a random one, in at most two minutes
  --log             print every request of every round
  --help            print this help
`;

/** Each has found a bug or has rare conditions: see docs/reliability.md. */
const FIXED_SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 100, 1002, 1003, 5010, 5034];
const CI_TIME = 100_000;
/** The engine remembers request tokens and slows down: it is restarted after this many rounds. */
const ROUNDS_PER_ENGINE = 20;
const MAX_SHOWN = 12;

function options() {
  const { values } = parseArgs({
    options: {
      seed: { type: "string" },
      minutes: { type: "string" },
      rounds: { type: "string" },
      repeats: { type: "string" },
      ci: { type: "boolean", default: false },
      log: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const number = (text: string | undefined, name: string) => {
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} must be a number`);
    return value;
  };
  const { repeats } = values;
  if (repeats !== undefined && !isRepeats(repeats)) {
    throw new Error("--repeats must be tokens or attempts");
  }
  return {
    ...values,
    repeats,
    seed: number(values.seed, "seed"),
    minutes: number(values.minutes, "minutes"),
    rounds: number(values.rounds, "rounds"),
  };
}

function isRepeats(text: string): text is Repeats {
  return (REPEATS as readonly string[]).includes(text);
}

function drawSeed(): number {
  return Math.floor(Math.random() * 2 ** 31);
}

/** Seeds of the rounds, until the time is over. */
function* seeds({ seed, minutes, rounds, ci }: ReturnType<typeof options>) {
  const started = Date.now();
  const lasts = (milliseconds: number) => Date.now() - started < milliseconds;
  if (ci) {
    yield drawSeed();
    for (const fixed of FIXED_SEEDS) if (lasts(CI_TIME)) yield fixed;
    return;
  }
  const first = seed ?? drawSeed();
  const count = rounds ?? (minutes === undefined ? 1 : Number.POSITIVE_INFINITY);
  for (let round = 0; round < count; round += 1) {
    if (round > 0 && minutes !== undefined && !lasts(minutes * 60_000)) return;
    yield first + round;
  }
}

function print({ seed, violations, fingerprint, summary, log }: RoundReport, all: boolean): void {
  if (all) for (const line of log) console.log(line);
  const outcome = violations.length === 0 ? "passed" : "FAILED";
  console.log(`seed ${seed} ${outcome} (${fingerprint}) ${summary}`);
  for (const violation of violations.slice(0, MAX_SHOWN)) console.log(`  ${violation}`);
  if (violations.length > MAX_SHOWN) console.log(`  and ${violations.length - MAX_SHOWN} more`);
  if (violations.length > 0) console.log(`  again: npm run simulate -- --seed ${seed}`);
}

async function main(): Promise<number> {
  const given = options();
  if (given.help) {
    process.stdout.write(HELP);
    return 0;
  }
  let [passed, failed] = [0, 0];
  let engine = await startEngine(dynoxide(findEngine(process.env)));
  try {
    for (const seed of seeds(given)) {
      if (passed + failed > 0 && (passed + failed) % ROUNDS_PER_ENGINE === 0) {
        await engine.stop();
        engine = await startEngine(dynoxide(findEngine(process.env)));
      }
      console.log(`seed ${seed}`);
      const report = await runRound(engine.endpoint, seed, given.repeats).catch(
        (error: unknown): RoundReport => ({
          seed,
          violations: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
          fingerprint: "",
          summary: "",
          log: [],
        }),
      );
      print(report, given.log);
      if (report.violations.length === 0) passed += 1;
      else failed += 1;
    }
  } finally {
    await engine.stop();
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

process.exit(await main());
