/**
 * Each alarm is raised by what it is for: by metrics of real requests and faults, of real lines of
 * access logs, and for AWS's own metrics by datapoints in AWS's form. A stack without faults raises none.
 */
import { randomUUID } from "node:crypto";
import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { tasks } from "../../functions/index.ts";
import { feedEvents } from "../../functions/maintenance/feed-events.ts";
import { finishChanges } from "../../functions/maintenance/finish-changes.ts";
import { verifyRecords } from "../../functions/maintenance/verify-table.ts";
import { type AlarmId, ruleOf } from "../../infra/monitoring/alarm-rules.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { allocationKey } from "../../lib/store/items/holder.ts";
import { encodeItem } from "../../lib/store/table/wire/items.ts";
import { apiOf } from "../stack/support/routes.ts";
import { type Api, startApi } from "../support/api.ts";
import type { Datapoint } from "../support/emf.ts";
import { fastClock } from "../support/fast-clock.ts";
import { CONFLICTS, LOSSES, THROTTLES } from "../support/faults.ts";
import { failBefore, loseAnswers } from "../support/faulty.ts";
import { useApi, useFaulty } from "../support/frame.ts";
import type { Call } from "../support/interpose.ts";
import { expectWhole, makeLargeWorld, readPosition, reshapeBody } from "../support/large-world.ts";
import { isAnyWrite, isCommit, Mortality } from "../support/mortal.ts";
import { randomUuid } from "../support/uuids.ts";
import { claim, makeProvider, release } from "../support/world.ts";
import { filteredPoints } from "./support/access-log.ts";
import { monitoredStack, raisedIn, stateIn } from "./support/monitored.ts";
import {
  awsPoint,
  background,
  canaryOnce,
  measured,
  minutesAgo,
  NOW,
  recurring,
  releaseOnce,
  sweepOnce,
} from "./support/timeline.ts";

const ALWAYS = Number.POSITIVE_INFINITY;
const faulty = useFaulty();
const stack = monitoredStack();
afterAll(() => stack.remove());

const made = (group: Readonly<Record<string, () => Error>>, name: string) =>
  group[name] ?? (() => new Error(name));
const isTransaction = ({ command }: Call) => command === "TransactWrite";

/** What runs by itself, without faults. */
let quiet: readonly Datapoint[] = [];
beforeAll(async () => {
  quiet = await background(faulty.api);
});

async function raisedBy(points: readonly Datapoint[]): Promise<AlarmId[]> {
  return raisedIn(stack, { points: [...quiet, ...points], now: NOW });
}

/** Claims of one unit each, and what their requests count. */
async function claims(count: number, status = 204): Promise<Datapoint[]> {
  const provider = await makeProvider(faulty.sound, { VCPU: 1_000 });
  return measured(faulty.api, async () => {
    for (let index = 0; index < count; index += 1) {
      const answer = await claim(faulty.api, randomUUID(), { [provider]: { VCPU: 1 } });
      expect(answer.status).toBe(status);
    }
  });
}

test("a stack without faults raises none", async () => {
  const { api } = faulty;
  const conflict = made(CONFLICTS, "TransactionConflictException");
  const points = await measured(api, async () => {
    const provider = await makeProvider(api, { VCPU: 8 });
    faulty.interpose(failBefore(1, isTransaction, conflict));
    await claim(api, randomUUID(), { [provider]: { VCPU: 1 } });
    await claim(api, randomUUID(), { [provider]: { VCPU: 100 } });
    await api.request("GET", "/allocation_candidates?resources=VCPU:1");
    await api.request("GET", "/nowhere");
  });
  expect(await raisedBy(recurring(points))).toEqual([]);
  expect(await raisedBy([])).toEqual([]);
});

describe("answers from 500", () => {
  const busy = made(THROTTLES, "ThrottlingException");

  test("of functions raise ServerErrors, by the fifth", async () => {
    faulty.interpose(failBefore(ALWAYS, isTransaction, busy));
    expect(await raisedBy(minutesAgo(1, await claims(4, 503)))).toEqual([]);
    expect(await raisedBy(minutesAgo(1, await claims(5, 503)))).toEqual(["ServerErrors"]);
    expect(await raisedBy(minutesAgo(30, await claims(5, 503)))).toEqual([]);
  });

  test("of functions that crashed, on any endpoint, raise it too", async () => {
    const dimensions = {
      iam: { ApiId: apiOf(stack, "iam").id },
      keystone: { ApiId: apiOf(stack, "keystone").id },
      jwt: { ApiName: "placement-jwt", Stage: "placement" },
    };
    for (const [kind, each] of Object.entries(dimensions)) {
      const name = apiOf(stack, kind).rest ? "5XXError" : "5xx";
      const points = [awsPoint("AWS/ApiGateway", name, each, 5)];
      expect(await raisedBy(points)).toEqual(["ServerErrors"]);
    }
  });

  test("of which nobody knows what was done raise UnknownOutcomes", async () => {
    const lost = loseAnswers(1_000, isTransaction, made(LOSSES, "a timeout"));
    faulty.interpose(lost);
    expect(await raisedBy(minutesAgo(1, await claims(2, 503)))).toEqual([]);
    expect(await raisedBy(minutesAgo(1, await claims(3, 503)))).toEqual(["UnknownOutcomes"]);
  });
});

test("requests that take long raise SlowRequests, if they go on", async () => {
  let delay = 0;
  faulty.interpose(async (call) => {
    if (isTransaction(call)) faulty.clock.pass(delay);
    return call.send();
  });
  const fast = await claims(99);
  delay = 6_000;
  const [one, two] = [await claims(1), await claims(2)];
  const raised = (...periods: readonly Datapoint[][]) =>
    raisedBy(periods.flatMap((points, index) => minutesAgo(1 + 5 * index, points)));
  const slow = [...fast, ...two];
  expect(await raised(slow, slow, slow)).toEqual(["SlowRequests"]);
  expect(await raised(slow, slow, fast)).toEqual([]);
  const hardly = [...fast, ...one];
  expect(await raised(hardly, hardly, hardly)).toEqual([]);
});

test("answers of 429 raise TooManyRequests, on any endpoint, and other refusals do not", async () => {
  for (const kind of ["iam", "keystone", "jwt"]) {
    const counted = (status: number, count: number) =>
      filteredPoints(stack, kind, { status, count });
    expect(await raisedBy(counted(429, 10))).toEqual(["TooManyRequests"]);
    expect(await raisedBy(counted(429, 9))).toEqual([]);
    expect(await raisedBy(counted(404, 100))).toEqual([]);
  }
});

test("throttles of any function raise FunctionThrottles", async () => {
  const functions = stack.ofType("AWS::Lambda::Function");
  expect(functions.length).toBeGreaterThan(50);
  for (const [, { Properties }] of functions) {
    const { FunctionName } = Properties;
    const points = [...quiet, awsPoint("AWS/Lambda", "Throttles", { FunctionName }, 1)];
    expect([FunctionName, ...raisedIn(stack, { points, now: NOW })]).toEqual([
      FunctionName,
      "FunctionThrottles",
    ]);
  }
  const other = awsPoint("AWS/Lambda", "Throttles", { FunctionName: "other" }, 100);
  expect(await raisedBy([other, awsPoint("AWS/Lambda", "Throttles", {}, 100)])).toEqual([]);
});

test("concurrency that nears the account's quota raises Concurrency", async () => {
  const claimed = (value: number) => [
    awsPoint("AWS/Lambda", "ClaimedAccountConcurrency", {}, value),
  ];
  expect(await raisedBy(claimed(799))).toEqual([]);
  expect(await raisedBy(claimed(800))).toEqual(["Concurrency"]);
});

describe("throttles of the table", () => {
  const [[table] = [""]] = stack.ofType("AWS::DynamoDB::GlobalTable");
  const events = (limit: string, value: number) =>
    awsPoint("AWS/DynamoDB", `${limit}ThrottleEvents`, { TableName: table }, value);

  test.each([
    ["KeyRangeThroughput", "HotPartition"],
    ["AccountLimit", "TableAccountLimit"],
    ["MaxOnDemandThroughput", "TableOwnLimit"],
    ["ProvisionedThroughput", "TableOwnLimit"],
  ] as const)("by %s raise %s, which is over without further ones", async (reason, id) => {
    const { threshold } = ruleOf(id);
    for (const kind of ["Read", "Write"]) {
      expect(await raisedBy([events(`${kind}${reason}`, threshold)])).toEqual([id]);
      expect(await raisedBy([events(`${kind}${reason}`, threshold - 1)])).toEqual([]);
    }
    // DynamoDB counts nothing more, and alarms on its metrics would stay as they are.
    const points = minutesAgo(60, [events(`Read${reason}`, threshold)]);
    expect(stateIn(stack, id, { points, now: NOW, before: "ALARM" })).toBe("OK");
  });
});

test("appends to shard logs that fail raise HeadNotRaised", async () => {
  const denied = () => Object.assign(new Error("denied"), { name: "AccessDeniedException" });
  faulty.interpose(failBefore(ALWAYS, ({ command }) => command === "Update", denied));
  expect(await raisedBy(minutesAgo(1, await claims(1)))).toEqual(["HeadNotRaised"]);
});

test("a task that fails raises TaskFailures, whether it says so or Lambda does", async () => {
  const failing = taskLambda(finishChanges, async () => faulty.api.runtime);
  const points = await measured(faulty.api, () =>
    failing({ batch_size: "many" }).catch(() => undefined),
  );
  expect(await raisedBy(minutesAgo(1, points))).toEqual(["TaskFailures"]);
  const names = tasks
    .filter(({ id }) => id !== "maintenance/canary")
    .map(({ id }) => {
      return `placement-${id.replaceAll("/", "-")}`;
    });
  expect(names.length).toBeGreaterThan(5);
  for (const FunctionName of names) {
    const crashed = awsPoint("AWS/Lambda", "Errors", { FunctionName }, 1);
    expect(await raisedBy([crashed])).toEqual(["TaskFailures"]);
  }
});

test.each([
  ["finishes large changes, for 15 minutes,", "SweepMissing", sweepOnce, releaseOnce, 10],
  ["releases leases, for 5 minutes,", "LeaseSweepMissing", releaseOnce, sweepOnce, 0],
] as const)(
  "a sweep that %s does not run raises %s, and so does one that never ran",
  async (_, id, runs, other, mayBeLate) => {
    const points = async (run: (api: Api) => Promise<unknown>) =>
      recurring(await measured(faulty.api, () => run(faulty.api)));
    const others = [...(await points(canaryOnce)), ...(await points(other))];
    const own = await points(runs);
    const raised = (minutes: number) => {
      const until = NOW - minutes * 60_000;
      return raisedIn(stack, {
        points: [...others, ...own.filter(({ at }) => at < until)],
        now: NOW,
      });
    };
    expect(raised(mayBeLate)).toEqual([]);
    expect(raised(mayBeLate + 5)).toEqual([id]);
    expect(raised(200)).toEqual([id]);
  },
);

describe("leases that have expired", () => {
  const clock = fastClock();
  const leased = useApi({ clock });
  const SECOND = 1_000;
  const hold = async (count: number, seconds: number) => {
    const provider = await makeProvider(leased, { VCPU: count });
    const headers = { "placement-lease": String(seconds) };
    for (let index = 0; index < count; index += 1) {
      await claim(leased, randomUUID(), { [provider]: { VCPU: 1 } }, null, { headers });
    }
  };
  const release = (event: object = {}) => measured(leased, () => releaseOnce(leased, event));

  test("and are not released raise LeaseLag, if it goes on", async () => {
    await release();
    await hold(1, 60);
    // No sweep for two minutes: the next ones release nothing for five.
    clock.pass((60 + 10 + 119) * SECOND);
    const early = await release();
    clock.pass(SECOND);
    const [first, second] = [await release(), await release()];
    expect(await raisedBy([...minutesAgo(8, early), ...minutesAgo(3, first)])).toEqual([]);
    expect(await raisedBy(minutesAgo(3, second))).toEqual([]);
    expect(await raisedBy([...minutesAgo(8, first), ...minutesAgo(3, second)])).toEqual([
      "LeaseLag",
    ]);
    for (let sweep = 0; sweep < 4; sweep += 1) {
      clock.pass(75 * SECOND);
      await release();
    }
    const after = await release();
    expect(await raisedBy([...minutesAgo(8, after), ...minutesAgo(3, after)])).toEqual([]);
  });

  test("and are too many to be released raise LeaseSweepHeld", async () => {
    await release();
    await hold(10, 60);
    clock.pass(75 * SECOND);
    expect(await raisedBy(minutesAgo(1, await release()))).toEqual([]);
    await hold(11, 60);
    clock.pass(75 * SECOND);
    expect(await raisedBy(minutesAgo(1, await release()))).toEqual(["LeaseSweepHeld"]);
    expect(await raisedBy(minutesAgo(1, await release({ share: 100 })))).toEqual([]);
  });
});

describe("the feed of events", () => {
  const clock = fastClock();
  const streamed = useApi({ clock });

  /** Delivers the events of a claim, so many milliseconds after it. */
  async function deliver(after: number): Promise<Datapoint[]> {
    const provider = await makeProvider(streamed, { VCPU: 8 });
    await claim(streamed, randomUUID(), { [provider]: { VCPU: 1 } });
    const events = (await streamed.items()).filter(({ pk }) => pk === `EVENT#${provider}`);
    clock.pass(after);
    const Records = events.map((item) => ({ dynamodb: { NewImage: encodeItem(item) } }));
    const feed = taskLambda(feedEvents, async () => streamed.runtime);
    return measured(streamed, () => feed({ Records }));
  }

  test("that lags raises FeedLag, if it goes on", async () => {
    const [fast, slow] = [await deliver(59_000), await deliver(60_000)];
    const two = (points: readonly Datapoint[]) => [
      ...minutesAgo(8, points),
      ...minutesAgo(3, points),
    ];
    expect(await raisedBy(two(fast))).toEqual([]);
    expect(await raisedBy(minutesAgo(3, slow))).toEqual([]);
    expect(await raisedBy(two(slow))).toEqual(["FeedLag"]);
  });

  test("whose function does not get on raises it, too", async () => {
    const FunctionName = "placement-maintenance-feed-events";
    const age = (value: number) => [awsPoint("AWS/Lambda", "IteratorAge", { FunctionName }, value)];
    const two = (value: number) => [...minutesAgo(8, age(value)), ...minutesAgo(3, age(value))];
    expect(await raisedBy(two(59_999))).toEqual([]);
    expect(await raisedBy(two(60_000))).toEqual(["FeedLag"]);
  });

  test("of which a batch was put aside raises FeedFailures, until the queue is empty", async () => {
    const QueueName = "placement-events-not-fed";
    const waiting = (value: number) => [
      awsPoint("AWS/SQS", "ApproximateNumberOfMessagesVisible", { QueueName }, value),
    ];
    expect(await raisedBy(waiting(1))).toEqual(["FeedFailures"]);
    expect(await raisedBy(waiting(0))).toEqual([]);
  });
});

describe("in a table that a test damages", () => {
  const damaged = useFaulty({ verified: "never" });

  test("a large change that the sweep does not finish raises LargeChangeLeft", async () => {
    const { api, sound } = damaged;
    // What a dead function would say is of no interest.
    const unheard = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const mortality = new Mortality();
    const { tableName } = api;
    const mortal = await startApi({ tableName, connection: mortality.over });
    try {
      const world = await makeLargeWorld(sound);
      const body = await reshapeBody(sound, world, await readPosition(sound, world));
      const died = await mortality.during({ at: isCommit, when: "after" }, () =>
        mortal.request("POST", "/reshaper", { body, roles: "service" }),
      );
      expect(died).toBe("died");
    } finally {
      await mortal.close();
      unheard.mockRestore();
    }
    const lost = made(LOSSES, "a timeout");
    damaged.interpose(failBefore(ALWAYS, isAnyWrite, lost));
    const first = minutesAgo(8, await measured(api, () => sweepOnce(api)));
    const second = minutesAgo(3, await measured(api, () => sweepOnce(api)));
    damaged.interpose(undefined);
    await sweepOnce(api);
    // What the next run finishes is no reason to wake anybody.
    expect(await raisedBy(first)).toEqual([]);
    expect(await raisedBy([...first, ...second])).toEqual(["LargeChangeLeft"]);
    await expectWhole(sound);
  });

  test("records that contradict each other raise DamagedRecords and VerifierFindings", async () => {
    const { api } = damaged;
    const verify = () => taskLambda(verifyRecords, async () => api.runtime)({});
    expect(await raisedBy(minutesAgo(1, await measured(api, verify)))).toEqual([]);

    const provider = await makeProvider(api, { VCPU: 10 });
    const consumer = randomUuid();
    await claim(api, consumer, { [provider]: { VCPU: 4 } });
    const { pk, sk } = allocationKey(provider, consumer);
    await api.client.send(new DeleteCommand({ TableName: api.tableName, Key: { pk, sk } }));
    const refused = await measured(api, async () => {
      expect((await release(api, consumer)).status).toBe(503);
    });
    expect(await raisedBy(minutesAgo(1, refused))).toEqual(["DamagedRecords"]);
    const found = await measured(api, verify);
    expect(await raisedBy(minutesAgo(1, found))).toEqual(["VerifierFindings"]);
  });
});
