/** The process dies at every step of a large change in turn: the change is wholly made or wholly absent. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Api, startApi } from "../support/api.ts";
import { chance } from "../support/chance.ts";
import { fastClock } from "../support/fast-clock.ts";
import type { Call } from "../support/interpose.ts";
import {
  expectWhole,
  type LargeWorld,
  makeLargeWorld,
  type Position,
  readPosition,
  reshapeBody,
  sweep,
  touch,
} from "../support/large-world.ts";
import { type Death, isCommit, Mortality } from "../support/mortal.ts";

const HOUR = 3_600_000;
const TIMEOUT = 900_000;
/** More writes than the change takes. */
const MAX_STEPS = 150;
/** A sweep's first writes are tried one by one, then one in a few: most resolve an item, as the others do. */
const FIRST_STEPS = 3;
const STRIDE = 13;
/** At both ends of a change every write is a step; between them, where each writes one intent, some are drawn. */
const ENDS = { first: 6, last: 16, stride: 5 };
const random = chance("deaths of large changes");
const mortality = new Mortality();
/** Writes of a whole change. */
let total = MAX_STEPS;
let mortal: Api;
/** Another server, on the same clock: to it an undecided change is under way. */
let other: Api;
/** Another server, an hour later: to it every undecided change has expired. */
let late: Api;
let world: LargeWorld;

// What a dead function would say is of no interest.
vi.spyOn(console, "error").mockImplementation(() => undefined);

beforeAll(async () => {
  mortal = await startApi({ connection: mortality.over });
  const { tableName } = mortal;
  other = await startApi({ tableName });
  late = await startApi({ tableName, clock: fastClock(Date.now() + HOUR) });
  world = await makeLargeWorld(other);
});
afterAll(async () => {
  for (const api of [late, other, mortal]) await api.close();
});

/** Reshapes on the mortal server. */
async function reshape(death: Death | undefined, position: Position) {
  const body = await reshapeBody(other, world, position);
  return mortality.during(death, () =>
    mortal.request("POST", "/reshaper", { body, roles: "service" }),
  );
}

const moved = ({ side, consumerGeneration }: Position): Position => ({
  side: side === 0 ? 1 : 0,
  consumerGeneration: consumerGeneration + 1,
});

/** Those who come across what a dead function left, in turn. */
const FINDERS = [
  async () => {
    await sweep(late);
  },
  async () => {
    expect((await touch(late, world)).status).toBe(204);
    await sweep(late);
  },
  async () => {
    await Promise.all([sweep(late), sweep(late), sweep(other)]);
  },
];

test("a reshape takes more than one transaction", async () => {
  const before = await readPosition(other, world);
  expect(await reshape(undefined, before)).toMatchObject({ status: 204 });
  expect(await readPosition(other, world)).toEqual(moved(before));
  await expectWhole(other);
  const transactions = mortality.writes.filter(({ command }) => command === "TransactWrite");
  // The record; two chunks; the decision; the end.
  expect(transactions).toHaveLength(5);
  total = mortality.writes.length;
  expect(total).toBeGreaterThan(100);
});

/** The write after `at` at which the process dies next. */
function next(at: number): number {
  const alike = at >= ENDS.first && at < total - ENDS.last;
  return alike ? Math.min(at + 1 + random.below(ENDS.stride), total - ENDS.last) : at + 1;
}

test.each(["before", "after"] as const)(
  "after death %s any write, the next request completes the work",
  async (when) => {
    let at = 0;
    let deaths = 0;
    let before = await readPosition(other, world);
    for (; at < MAX_STEPS; at = next(at)) {
      const answer = await reshape({ at, when }, before);
      const expected = mortality.committed ? moved(before) : before;
      expect(await readPosition(other, world), `step ${at}`).toEqual(expected);
      if (answer !== "died") break;
      await FINDERS[deaths++ % FINDERS.length]?.();
      before = await readPosition(late, world);
      expect(before.side, `step ${at}`).toBe(expected.side);
      await expectWhole(other);
    }
    expect(at).toBeGreaterThan(100);
    expect(at).toBeLessThan(MAX_STEPS);
  },
  TIMEOUT,
);

describe("death of a sweep at any of its writes is made good by the next one", () => {
  const dying = new Mortality();
  let sweeper: Api;
  beforeAll(async () => {
    const clock = fastClock(Date.now() + HOUR);
    sweeper = await startApi({ tableName: mortal.tableName, clock, connection: dying.over });
  });
  afterAll(() => sweeper.close());

  test.each([false, true])(
    "where the change was committed: %s",
    async (committed) => {
      // The appends come between the last intent and the decision.
      const at = committed ? isCommit : ({ command }: Call) => command === "Update";
      let step = 0;
      let before = await readPosition(other, world);
      for (; step < MAX_STEPS; step += step < FIRST_STEPS ? 1 : STRIDE) {
        expect(await reshape({ at, when: "after" }, before)).toBe("died");
        expect(mortality.committed).toBe(committed);
        const expected = committed ? moved(before) : before;
        const when = step % 2 === 0 ? "before" : "after";
        const answer = await dying.during({ at: step, when }, () => sweep(sweeper));
        expect(await readPosition(other, world)).toEqual(expected);
        await sweep(late);
        before = await readPosition(other, world);
        expect(before).toEqual(expected);
        await expectWhole(other);
        if (answer !== "died") break;
      }
      expect(step).toBeGreaterThan(100);
    },
    TIMEOUT,
  );
});
