/** An import that is killed at random moments goes on until the table is whole. */
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { chance } from "../support/chance.ts";
import { useApi } from "../support/frame.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { Program } from "../support/program.ts";
import { until } from "../support/until.ts";
import { runProgram, tableOf } from "./run.ts";
import { expectSame } from "./same.ts";
import { makeSource, providersIn, type World } from "./world.ts";

const SLOW = 1_200_000;
const KILLS = 6;
/** Milliseconds from the first write to the first kill, at most; each further one may wait longer. */
const LONGEST = 250;

const source = useApi();
const target = useApi();
const random = chance("killed imports");
const script = fileURLToPath(new URL("../../scripts/run-program.mjs", import.meta.url));
let world: World;

beforeAll(async () => {
  world = await makeSource(source, random, { trees: 20, consumers: 1_000 });
}, SLOW);

function start(): Program {
  const args = ["scripts/import/main.ts", "--from", source.url, "--token", "admin"];
  return new Program({ script, args, environment: tableOf(target) });
}

/** Starts an import and kills it while it writes; undefined if it had ended before. */
async function killOne(longest: number): Promise<string | undefined> {
  const program = start();
  // The comparison is over: it writes from now on.
  await until("it compares", () => /^compared/m.exec(program.stderr) ?? undefined, SLOW);
  await sleep(random.below(longest));
  const ended = await program.stop("SIGKILL");
  return ended === "SIGKILL" ? program.stderr : undefined;
}

test(
  "100 providers and 1,000 consumers come in whole, however often it is killed",
  async () => {
    expect(providersIn(world)).toBe(100);
    let killed = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      if ((await killOne(LONGEST * (kill + 1))) === undefined) break;
      killed += 1;
      expect(brokenInvariants(await target.items())).toEqual([]);
    }
    expect(killed).toBeGreaterThan(0);
    const program = start();
    const status = await program.ended;
    console.log(`after ${killed} kills:\n${program.stdout}${program.stderr}`);
    expect(status).toBe(0);
    const verified = await runProgram(
      ["--from", source.url, "--token", "admin", "--verify"],
      tableOf(target),
    );
    expect(verified.lines).toEqual(["0 differences"]);
    await expectSame(source, target, world.consumers.slice(0, 50));
  },
  SLOW,
);
