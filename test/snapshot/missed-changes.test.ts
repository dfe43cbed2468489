/** No acknowledged change is ever missed: commits that are slow, out of order, or by a wrong clock. */
import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../lib/api/system-clock.ts";
import type { Clock } from "../../lib/model/clock.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { MemoryLogs } from "../../lib/store/cache/held-logs.ts";
import { shardOf } from "../../lib/store/items/shard.ts";
import { type Api, type ApiOptions, startApi } from "../support/api.ts";
import { type Chance, chance } from "../support/chance.ts";
import { crowd } from "../support/crowd.ts";
import { type Call, interpose } from "../support/interpose.ts";
import { type Latch, latch } from "../support/latch.ts";
import { isLogAppend, isLogReading } from "../support/shard-logs.ts";
import { startWarm, type Warm } from "../support/warm.ts";
import { claim, makeProvider } from "../support/world.ts";

const HOUR = 3_600_000;
let warm: Warm;
let provider: Uuid;

beforeAll(async () => {
  warm = await startWarm();
  provider = await makeProvider(warm.writer, { VCPU: 100_000 });
});
afterEach(async () => {
  warm.holdReader(undefined);
  warm.holdWriter(undefined);
  await warm.exactView();
});
afterAll(() => warm.close());

const claimOne = (api: Api = warm.writer) =>
  claim(api, randomUUID(), { [provider]: { VCPU: 1 } }).then(({ status }) => {
    expect(status).toBe(204);
  });
const usedIn = async (of: Uuid = provider) => {
  const view = await warm.view();
  return view.find(shardOf(of), of)?.state.inventories.get(0)?.used ?? 0;
};

test("a change that is appended to its shard log long after its commit is seen once acknowledged", async () => {
  const before = await usedIn();
  const [committed, append] = [latch(), latch()];
  warm.holdWriter(async (call) => {
    if (isLogAppend(call)) {
      committed.open();
      await append.opened;
    }
    return call.send();
  });
  const slow = claimOne();
  await committed.opened;
  // Not acknowledged: it may be seen or not, and whoever looks moves on.
  for (let look = 0; look < 3; look += 1) expect(await usedIn()).toBe(before);
  append.open();
  await slow;
  expect(await usedIn()).toBe(before + 1);
});

test("changes that are appended in another order than they committed are all seen", async () => {
  const before = await usedIn();
  const appends: Latch[] = [];
  const arrived: (() => void)[] = [];
  warm.holdWriter(async (call) => {
    if (isLogAppend(call)) {
      const own = latch();
      appends.push(own);
      arrived.shift()?.();
      await own.opened;
    }
    return call.send();
  });
  const acknowledged: Promise<void>[] = [];
  for (let n = 0; n < 5; n += 1) {
    const reached = latch();
    arrived.push(reached.open);
    acknowledged.push(claimOne());
    await reached.opened;
  }
  for (const n of [3, 0, 4, 2, 1]) {
    appends[n]?.open();
    await acknowledged[n];
    // All five have committed: whoever reads the provider sees them all.
    expect(await usedIn()).toBe(before + 5);
  }
});

test("a change that commits between a refresh's reads of shard logs and items is not lost to the next one", async () => {
  const other = await makeProvider(warm.writer, { VCPU: 10 });
  const before = await usedIn();
  await claim(warm.writer, randomUUID(), { [other]: { VCPU: 1 } });
  let done = false;
  warm.holdReader(async (call) => {
    if (call.command === "BatchGet" && !done) {
      done = true;
      await claimOne();
    }
    return call.send();
  });
  await warm.view();
  expect(done).toBe(true);
  expect(await usedIn()).toBe(before + 1);
});

test("a change that commits after its provider was read, in the same refresh, is not lost", async () => {
  const before = await usedIn();
  await claimOne();
  let done = false;
  warm.holdReader(async (call) => {
    const answer = await call.send();
    if (call.command === "BatchGet" && !done) {
      done = true;
      await claimOne();
    }
    return answer;
  });
  await warm.view();
  expect(done).toBe(true);
  expect(await usedIn()).toBe(before + 2);
});

describe("requests at once", () => {
  test("a request joins no refresh that began to read the shard logs before it arrived", async () => {
    const before = await usedIn();
    const [reached, go] = [latch(), latch()];
    let held = false;
    warm.holdReader(async (call) => {
      const answer = await call.send();
      if (isLogReading(call) && !held) {
        held = true;
        reached.open();
        await go.opened;
      }
      return answer;
    });
    const early = warm.view();
    await reached.opened;
    await claimOne();
    const late = usedIn();
    go.open();
    await early;
    expect(await late).toBe(before + 1);
  });

  test("many that arrive during one refresh share the next one", async () => {
    await warm.view();
    warm.reads();
    const [reached, go] = [latch(), latch()];
    let held = false;
    warm.holdReader(async (call) => {
      if (isLogReading(call) && !held) {
        held = true;
        reached.open();
        await go.opened;
      }
      return call.send();
    });
    const first = warm.view();
    await reached.opened;
    const others = Array.from({ length: 20 }, () => warm.view());
    await setImmediate();
    go.open();
    await Promise.all([first, ...others]);
    const logReads = warm.reads().calls.filter(isLogReading);
    expect(logReads).toHaveLength(2);
  });

  test("one is answered though the refresh that it waits for or shares fails", async () => {
    const [reached, go] = [latch(), latch()];
    let failures = 0;
    warm.holdReader(async (call) => {
      if (!isLogReading(call) || failures >= 2) return call.send();
      failures += 1;
      reached.open();
      await go.opened;
      throw Object.assign(new Error("denied"), {
        name: "AccessDeniedException",
        $metadata: { httpStatusCode: 400 },
      });
    });
    const first = warm.view();
    await reached.opened;
    const others = [warm.view(), warm.view(), warm.view()];
    await setImmediate();
    go.open();
    const outcomes = await Promise.allSettled([first, ...others]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      "rejected",
      "rejected",
      "fulfilled",
      "fulfilled",
    ]);
  });
});

/** Each call of a writer waits for a while, before it is sent and after it was answered. */
function dawdling(random: Chance) {
  const dawdle = async () => {
    for (let turns = random.below(30); turns > 0; turns -= 1) await setImmediate();
  };
  return async (call: Call) => {
    await dawdle();
    const answer = await call.send();
    await dawdle();
    return answer;
  };
}

const skewed = (milliseconds: number): Clock => ({
  now: () => Date.now() + milliseconds,
  sleep: async () => {
    await setImmediate();
  },
  after: systemClock.after,
});

test.each([
  ["in the table", undefined],
  ["in memory", new MemoryLogs()],
])(
  "slow writers with wrong clocks, appends in any order, logs %s: every acknowledged claim is seen",
  async (_, heldLogs) => {
    if (heldLogs === undefined) return everyClaimIsSeen(warm, {});
    const own = await startWarm({ heldLogs });
    await everyClaimIsSeen(own, { heldLogs });
    await own.exactView();
    await own.close();
  },
);

async function everyClaimIsSeen(warm: Warm, logs: Pick<ApiOptions, "heldLogs">): Promise<void> {
  const random = chance("missed changes");
  const writers = await Promise.all(
    [-24 * HOUR, 0, 24 * HOUR].map((skew) =>
      startApi({
        ...logs,
        tableName: warm.reader.tableName,
        clock: skewed(skew),
        connection: (connection) => interpose(connection, dawdling(random)),
      }),
    ),
  );
  warm.holdReader(dawdling(random));
  const providers: Uuid[] = [];
  for (let n = 0; n < 12; n += 1) providers.push(await makeProvider(warm.writer, { VCPU: 9_999 }));
  const started = new Map<Uuid, number>();
  const acknowledged = new Map<Uuid, number>();
  const count = (counts: Map<Uuid, number>, uuid: Uuid) => {
    counts.set(uuid, (counts.get(uuid) ?? 0) + 1);
  };
  let looks = 0;
  const look = async () => {
    const least = new Map(acknowledged);
    const view = await warm.view();
    looks += 1;
    for (const uuid of providers) {
      const used = view.find(shardOf(uuid), uuid)?.state.inventories.get(0)?.used ?? -1;
      expect(used).toBeGreaterThanOrEqual(least.get(uuid) ?? 0);
      expect(used).toBeLessThanOrEqual(started.get(uuid) ?? 0);
    }
  };
  await crowd({ width: 9, count: 240 }, async (index) => {
    const uuid = random.pick(providers);
    count(started, uuid);
    const answer = await claim(writers[index % writers.length] as Api, randomUUID(), {
      [uuid]: { VCPU: 1 },
    });
    if (answer.status === 204) count(acknowledged, uuid);
    await look();
  });
  expect(looks).toBe(240);
  expect([...acknowledged.values()].reduce((sum, each) => sum + each, 0)).toBeGreaterThan(200);
  await Promise.all(writers.map((writer) => writer.close()));
}
