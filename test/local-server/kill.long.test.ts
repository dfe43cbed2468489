/** A server that is killed at any moment loses nothing that it has acknowledged. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chance } from "../support/chance.ts";
import { command, SOUND } from "../support/commands.ts";
import { bySubject, followAll } from "../support/events-feed.ts";
import { brokenLives, historyOf, type ShownEvent } from "../support/history.ts";
import { Program } from "../support/program.ts";
import { until } from "../support/until.ts";
import type { Requester } from "../support/world.ts";
import { Writers, withRequester } from "../support/writers.ts";

/** Some three minutes on two cores of their own. */
const KILLS = 100;
/** One kill of so many comes while the server starts. */
const STARTING = 5;
/** Milliseconds in which most starts are over. */
const START = 400;
/** Writes that are acknowledged before a kill, at most. */
const WRITES = 40;
const CLIENTS = 6;
const SLOW = 1_800_000;

const random = chance("killed servers");
const running: Program[] = [];
let data = "";

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "placement-"));
});

afterAll(async () => {
  await Promise.all(running.splice(0).map((program) => program.stop("SIGKILL")));
  await rm(data, { recursive: true, force: true, maxRetries: 5 });
});

function start(): Program {
  const program = new Program({ args: ["--data", data, "--port", "0"] });
  running.push(program);
  return program;
}

/** The feed has each event of the histories once, and those of a consumer in their order. */
async function expectFed(requester: Requester, consumers: readonly string[]): Promise<void> {
  const { events } = await followAll(requester, { limit: 1_000 });
  const fed = bySubject(events);
  const ids = (shown: readonly ShownEvent[]) => shown.map(({ id }) => id).sort();
  for (const consumer of consumers) {
    const own = fed.get(consumer) ?? [];
    const history = await historyOf(requester, "consumers", consumer);
    expect([consumer, ids(own), brokenLives(own)]).toEqual([consumer, ids(history), []]);
  }
}

test(
  `nothing is lost in ${KILLS} kills under load`,
  async () => {
    let program = start();
    let url = await program.ready();
    const writers = await Writers.on(url, random, 4);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const enough = writers.acknowledged + random.below(WRITES);
      const written = writers.write(url, CLIENTS);
      await until("they write", () => (writers.acknowledged >= enough ? true : undefined), SLOW);
      expect(await program.stop("SIGKILL")).toBe("SIGKILL");
      await written;
      if (random.below(STARTING) === 0) {
        const starting = start();
        await sleep(random.below(START));
        expect(await starting.stop("SIGKILL")).toBe("SIGKILL");
      }
      program = start();
      url = await program.ready();
      expect([kill, await writers.contradictions(url)]).toEqual([kill, []]);
    }
    const { acknowledged, refused, unanswered } = writers;
    console.log(`${acknowledged} acknowledged, ${unanswered.length} cut off, ${refused} refused`);
    expect(acknowledged).toBeGreaterThan(KILLS);
    expect(unanswered).toHaveLength(KILLS * CLIENTS);
    await withRequester(url, async (requester) => {
      await until("the feed has all events", async () => {
        const { body } = await requester.request("GET", "/status");
        return body.events.lag_seconds === 0 ? true : undefined;
      });
      await expectFed(requester, writers.consumers);
    });
    expect(await program.stop()).toBe(0);
    expect(await command("verify", "--data", data)).toMatchObject(SOUND);
  },
  SLOW,
);
