/** Runs of the canary that die at any write, and runs at once: none disturbs another one. */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { canary } from "../../functions/maintenance/canary.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { CANARY } from "../../lib/model/canary.ts";
import { consumerKey } from "../../lib/store/items/consumer.ts";
import type { CanaryReport } from "../../lib/store/maintenance/canary/run.ts";
import { type Api, startApi } from "../support/api.ts";
import { fastClock } from "../support/fast-clock.ts";
import { type Call, type Interposer, interpose } from "../support/interpose.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { type Death, Mortality } from "../support/mortal.ts";

/** Milliseconds after which what a run has left behind is removed. */
const ABANDONED = 120_000;
/** More writes than a run makes. */
const MAX_WRITES = 20;

const clock = fastClock();
const mortality = new Mortality();
/** Stand before the calls of `first` and `second`. */
const before: { first?: Interposer; second?: Interposer } = {};
const through = (name: keyof typeof before) => (call: Call) => before[name]?.(call) ?? call.send();
let mortal: Api;
let first: Api;
let second: Api;

// What a dead function would say is of no interest.
vi.spyOn(console, "error").mockImplementation(() => undefined);

beforeAll(async () => {
  mortal = await startApi({ clock, connection: mortality.over });
  const { tableName } = mortal;
  const started = (name: keyof typeof before) =>
    startApi({ clock, tableName, connection: (given) => interpose(given, through(name)) });
  first = await started("first");
  second = await started("second");
});
afterAll(async () => {
  for (const api of [second, first, mortal]) await api.close();
});
beforeEach(async () => {
  delete before.first;
  delete before.second;
  clock.pass(ABANDONED);
  expect(await run(first)).toMatchObject({ ran: true });
});

const run = ({ runtime }: Api) =>
  taskLambda(canary, async () => runtime)({}) as Promise<CanaryReport>;

const own = [CANARY.provider, CANARY.consumer, CANARY.name];
async function remains(): Promise<string[]> {
  const items = await first.items();
  expect(brokenInvariants(items)).toEqual([]);
  // What was done stays told.
  const records = items.filter(({ pk }) => !pk.startsWith("EVENT#"));
  const keys = records.map(({ pk, sk }) => `${pk} ${sk}`);
  return keys.filter((key) => own.some((id) => key.includes(id)));
}

test.each(["before", "after"] as const)(
  "a run that dies %s any of its writes is cleared away by a later one",
  async (when) => {
    const left: number[] = [];
    let at = 0;
    for (; at < MAX_WRITES; at += 1) {
      const death: Death = { at, when };
      if ((await mortality.during(death, () => run(mortal))) !== "died") break;
      left.push((await remains()).length);
      const next = await run(second);
      expect([at, next.ran]).toEqual([at, left.at(-1) === 0]);
      clock.pass(ABANDONED);
      expect(await run(second)).toMatchObject({ ran: true });
      expect(await remains()).toEqual([]);
    }
    // Five transactions, each followed by an append to the shard log.
    expect(at).toBe(10);
    expect(Math.max(...left)).toBeGreaterThan(5);
  },
);

test.each([
  ["nothing", 0],
  ["a dead run's claim", 5],
])("of runs at once, with %s left behind, one runs, and none fails", async (_, at) => {
  for (let round = 0; round < 5; round += 1) {
    if (at > 0) {
      const died = await mortality.during({ at, when: "after" }, () => run(mortal));
      expect(died).toBe("died");
      clock.pass(ABANDONED);
    }
    const reports = await Promise.all([first, second, first, second].map(run));
    expect(reports.filter(({ ran }) => ran).length).toBeGreaterThan(0);
    expect(await remains()).toEqual([]);
  }
});

test("a run that was overtaken while it cleared away leaves the other one's claim", async () => {
  const died = await mortality.during({ at: 5, when: "after" }, () => run(mortal));
  expect(died).toBe("died");
  clock.pass(ABANDONED);
  const slow = gate();
  const quick = gate();
  // The first run has planned to release the dead one's claim, and is held there.
  const touchesConsumer = ({ command, keys }: Call) =>
    command === "TransactWrite" && keys.some(({ pk }) => pk === consumerKey(CANARY.consumer).pk);
  before.first = slow.holdAt(touchesConsumer);
  const overtaken = run(first);
  await slow.reached;
  // The second one releases it, and is held with a claim of its own, before it releases that.
  let writes = 0;
  before.second = quick.holdAt((call) => {
    writes += Number(touchesConsumer(call));
    return writes === 3;
  });
  const running = run(second);
  await quick.reached;
  slow.open();
  expect(await overtaken).toMatchObject({ ran: false });
  quick.open();
  expect(await running).toMatchObject({ ran: true });
  expect(await remains()).toEqual([]);
});

/** Holds the first call that matches until it is opened. */
function gate() {
  let arrive: () => void = () => undefined;
  let open: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const holdAt = (matches: (call: Call) => boolean): Interposer => {
    let held = false;
    return async (call) => {
      if (!held && matches(call)) {
        held = true;
        arrive();
        await opened;
      }
      return call.send();
    };
  };
  return { reached, open: () => open(), holdAt };
}
