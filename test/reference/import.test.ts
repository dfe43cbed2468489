/** `npm run import` from the real Placement, while a client goes on changing it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { runProgram, tableOf } from "../import/run.ts";
import { change, makeSource, providersIn, type World } from "../import/world.ts";
import { type Chance, chance } from "../support/chance.ts";
import { useApi } from "../support/frame.ts";
import { type RealPlacement, startPlacement } from "../support/real-placement.ts";

const SLOW = 1_800_000;
const TREES = 60;
const CONSUMERS = 3_000;
/** Passes that write while the client does. */
const CHANGING = 3;

const target = useApi();
let source: RealPlacement;
let world: World;
let random: Chance;

beforeAll(async () => {
  random = chance("import of the reference");
  source = await startPlacement();
  world = await makeSource(source, random, { trees: TREES, consumers: CONSUMERS, width: 1 });
}, SLOW);
afterAll(() => source.close());

const run = (args: string[], parts: Parameters<typeof runProgram>[2] = {}) =>
  runProgram(["--from", source.url, "--token", "admin", ...args], tableOf(target), parts);

test(
  "300 nested providers and 3,000 consumers are followed until both are equal",
  async () => {
    expect(providersIn(world)).toBe(300);
    let writing = true;
    let changes = 0;
    const writer = (async () => {
      for (; writing; changes += 1) await change(source, world, random);
    })();
    const said: string[] = [];
    const followed = await run(["--follow"], {
      print: (line) => {
        said.push(line);
        if (line.startsWith(`pass ${CHANGING}:`)) writing = false;
      },
      warn: (line) => said.push(line),
    });
    writing = false;
    await writer;
    console.log(`${changes} changes meanwhile`, said);
    expect(changes).toBeGreaterThan(0);
    expect(followed.status).toBe(0);
    expect(said.at(-1)).toMatch(/^equal: /);
    const verified = await run(["--verify"]);
    console.log(verified.warnings);
    expect(verified.lines).toEqual(["0 differences"]);
    expect(verified.status).toBe(0);
  },
  SLOW,
);
