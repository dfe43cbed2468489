/** The alarm of the canary is raised by runs that meet a real fault, and is over when the fault is. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { CANARY } from "../../lib/model/canary.ts";
import { ABANDONED_AFTER } from "../../lib/store/maintenance/canary/clean.ts";
import { type Datapoint, sumOf } from "../support/emf.ts";
import { LOSSES } from "../support/faults.ts";
import { failBefore, type Matches } from "../support/faulty.ts";
import { useFaulty } from "../support/frame.ts";
import { claim, makeProvider, release } from "../support/world.ts";
import { CANARY_MINUTES, monitoredStack, raisedIn } from "./support/monitored.ts";
import {
  canaryOnce,
  measured,
  minutesAgo,
  NOW,
  recurring,
  sweepsOnce,
} from "./support/timeline.ts";

const ALWAYS = Number.POSITIVE_INFINITY;
const OWN_PROVIDER = `/resource_providers/${CANARY.provider}`;
const isTransaction: Matches = ({ command }) => command === "TransactWrite";

const denied = () =>
  Object.assign(new Error("injected"), {
    name: "AccessDeniedException",
    $metadata: { httpStatusCode: 400 },
  });

const faulty = useFaulty();
const stack = monitoredStack();
afterAll(() => stack.remove());

type Points = readonly Datapoint[];

let sweep: Points = [];
let before: Points = [];
beforeAll(async () => {
  sweep = recurring(await measured(faulty.api, () => sweepsOnce(faulty.api)));
});
beforeEach(async () => {
  before = await goodRun();
});

/** What an earlier run has left behind is old enough to be removed. */
async function goodRun(): Promise<Points> {
  faulty.clock.pass(ABANDONED_AFTER * 2);
  return measured(faulty.api, async () => {
    expect(await canaryOnce(faulty.api)).toMatchObject({ ran: true });
  });
}

async function badRun(message: string): Promise<Points> {
  faulty.clock.pass(ABANDONED_AFTER * 2);
  const points = await measured(faulty.api, async () => {
    await expect(canaryOnce(faulty.api)).rejects.toThrow(message);
  });
  expect(sumOf(points, "CanaryFailures")).toBe(1);
  return points;
}

/** @param runs the latest ones, old to new, after good ones */
function raisedBy(...runs: readonly Points[]): string[] {
  const latest = runs.flatMap((run, index) => {
    return minutesAgo((runs.length - index) * CANARY_MINUTES - 3, run);
  });
  const earlier = recurring(before, 90, runs.length * CANARY_MINUTES);
  return raisedIn(stack, { points: [...sweep, ...earlier, ...latest], now: NOW });
}

/** One run that fails raises nothing, two do, and good ones end it. */
async function expectRaised(message: string, mend: () => Promise<unknown>): Promise<void> {
  const [first, second] = [await badRun(message), await badRun(message)];
  expect(raisedBy(first)).toEqual([]);
  expect(raisedBy(first, second)).toEqual(["CanaryFailures"]);
  await mend();
  const [third, fourth] = [await goodRun(), await goodRun()];
  expect(raisedBy(second, third, fourth)).toEqual([]);
}

const deleted = async (path: string) => {
  expect((await faulty.sound.request("DELETE", path)).status).toBe(204);
};

test("somebody else holds its class on its provider", async () => {
  const { api, sound } = faulty;
  const { provider: uuid, name, resourceClass } = CANARY;
  await makeProvider(api, { [resourceClass]: 1 }, { uuid, name });
  const consumer = randomUUID();
  expect((await claim(sound, consumer, { [uuid]: { [resourceClass]: 1 } })).status).toBe(204);
  await expectRaised("step clean failed: ProviderInUse", async () => {
    expect((await release(sound, consumer)).status).toBe(204);
  });
});

test("somebody else's provider has its name", async () => {
  const uuid = await makeProvider(faulty.sound, {}, { name: CANARY.name });
  await expectRaised("step create failed: DuplicateProvider", () =>
    deleted(`/resource_providers/${uuid}`),
  );
});

test("somebody else's consumer has its uuid", async () => {
  const provider = await makeProvider(faulty.sound, { VCPU: 1 });
  expect((await claim(faulty.sound, CANARY.consumer, { [provider]: { VCPU: 1 } })).status).toBe(
    204,
  );
  await expectRaised("step clean failed: ForeignRecord", async () => {
    expect((await release(faulty.sound, CANARY.consumer)).status).toBe(204);
  });
});

test("somebody gives its provider a child while it runs", async () => {
  const { sound } = faulty;
  const child = randomUUID();
  // The third transaction of a run is its claim.
  let transactions = 0;
  faulty.interpose(async (call) => {
    transactions += Number(isTransaction(call));
    const answer = await call.send();
    if (isTransaction(call) && transactions === 3) {
      await makeProvider(sound, {}, { uuid: child, parent: CANARY.provider });
    }
    return answer;
  });
  const first = await badRun("step delete failed: ProviderHasChildren");
  faulty.interpose(undefined);
  const second = await badRun("step clean failed: ProviderHasChildren");
  expect(raisedBy(first, second)).toEqual(["CanaryFailures"]);
  await deleted(`/resource_providers/${child}`);
  await goodRun();
});

test.each([
  ["its role may not write", denied, "AccessDeniedException"],
  ["DynamoDB does not answer", LOSSES["a timeout"], "UnknownOutcome"],
] as const)("%s", async (_, error = () => new Error("injected"), reason) => {
  faulty.interpose(failBefore(ALWAYS, isTransaction, error));
  await expectRaised(`step create failed: ${reason}`, async () => faulty.interpose(undefined));
});

test("it does not run, or another run is never over", async () => {
  expect(raisedBy([], [])).toEqual(["CanaryFailures"]);
  const { provider: uuid, name } = CANARY;
  await makeProvider(faulty.api, {}, { uuid, name });
  const waiting = await measured(faulty.api, async () => {
    expect(await canaryOnce(faulty.api)).toMatchObject({ ran: false });
  });
  expect(raisedBy(waiting, waiting)).toEqual(["CanaryFailures"]);
  await deleted(OWN_PROVIDER);
});
