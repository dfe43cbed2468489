/** Usages of a large project under races and faults: nothing acknowledged is missed, and nothing wrong is kept. */
import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import type { Call } from "../support/interpose.ts";
import { brokenInvariants } from "../support/invariants.ts";
import {
  isProjectReading,
  type LargeProject,
  owner,
  startLargeProject,
} from "../support/large-project.ts";
import { latch } from "../support/latch.ts";
import { isCommit } from "../support/mortal.ts";
import { isLogAppend, isLogReading, logOfProvider } from "../support/shard-logs.ts";
import { claimBody, type Held, makeProvider } from "../support/world.ts";

const MAX_AGE = 60_000;
let large: LargeProject;
let host: Uuid;
let sides: readonly (readonly Uuid[])[];

const makeHosts = (count: number) =>
  Promise.all(Array.from({ length: count }, () => makeProvider(large.writer, { VCPU: 1_000 })));

beforeAll(async () => {
  large = await startLargeProject();
  [host] = (await makeHosts(1)) as [Uuid];
  sides = [await makeHosts(3), await makeHosts(3)];
});
beforeEach(() => large.learn());
afterEach(async () => {
  large.holdReader(undefined);
  large.holdWriter(undefined);
  await large.exact();
});
afterAll(async () => {
  expect(brokenInvariants(await large.writer.items())).toEqual([]);
  await large.close();
});

const denied = () =>
  Object.assign(new Error("denied"), {
    name: "AccessDeniedException",
    $metadata: { httpStatusCode: 400 },
  });
const isConsumerReading = ({ command, keys }: Call) =>
  command === "BatchGet" && keys.some(({ pk }) => pk.startsWith("CONSUMER#"));

async function put(uuid: string, held: Held, generation: number | null = null): Promise<void> {
  const body = { ...claimBody(held, generation), ...owner(large.project) };
  const { status } = await large.writer.request("PUT", `/allocations/${uuid}`, { body });
  expect(status).toBe(204);
}
const claimOne = () => put(randomUUID(), { [host]: { VCPU: 1 } });
async function answered(): Promise<number> {
  const { reader, project } = large;
  const { body } = await reader.request("GET", `/usages?project_id=${project}`);
  return body.usages.INSTANCE.consumer_count;
}

describe("large changes", () => {
  const consumers = Array.from({ length: 20 }, () => randomUUID());
  let generation: number | null = null;

  const hold = async (side: number, amount: number) => {
    const held = Object.fromEntries((sides[side] ?? []).map((each) => [each, { VCPU: amount }]));
    const bodies = consumers.map((uuid) => [
      uuid,
      { ...claimBody(held, generation), ...owner(large.project) },
    ]);
    const body = Object.fromEntries(bodies);
    return large.writer.request("POST", "/allocations", { body });
  };
  const looks = async (side: number, amount: number, commits: boolean) => {
    const seen: number[] = [];
    const look = async () => {
      const usages = await large.exact();
      seen.push(usages["INSTANCE"]?.["VCPU"] ?? 0);
    };
    await look();
    large.reads();
    large.holdWriter(async (call) => {
      if (!isCommit(call)) return call.send();
      await look();
      await look();
      large.holdWriter(undefined);
      if (!commits) throw denied();
      const answer = await call.send();
      await look();
      return answer;
    });
    const { status } = await hold(side, amount);
    expect(status).toBe(commits ? 204 : 503);
    if (commits) generation = (generation ?? 0) + 1;
    await look();
    await look();
    expect(large.reads().calls.filter(isProjectReading)).toEqual([]);
    return seen.map((each) => each - (seen[0] ?? 0));
  };

  test("of new consumers are in no answer before they are decided, and in all afterwards", async () => {
    expect(await looks(0, 1, true)).toEqual([0, 0, 0, 60, 60, 60]);
  });
  test("that move consumers to other providers", async () => {
    expect(await looks(1, 2, true)).toEqual([0, 0, 0, 60, 60, 60]);
  });
  test("that are aborted are never seen", async () => {
    expect(await looks(0, 7, false)).toEqual([0, 0, 0, 0, 0]);
  });
  test("what moved is followed afterwards", async () => {
    const before = await answered();
    for (const uuid of consumers.slice(0, 2)) {
      await large.writer.request("DELETE", `/allocations/${uuid}`);
    }
    expect(await answered()).toBe(before - 2);
  });
});

describe("the order of reads", () => {
  test("a change that is appended to its shard log long after its commit is seen once acknowledged", async () => {
    const before = await answered();
    const [committed, append] = [latch(), latch()];
    large.holdWriter(async (call) => {
      if (isLogAppend(call)) {
        committed.open();
        await append.opened;
      }
      return call.send();
    });
    const slow = claimOne();
    await committed.opened;
    for (let look = 0; look < 3; look += 1) expect(await answered()).toBe(before);
    append.open();
    await slow;
    expect(await answered()).toBe(before + 1);
  });

  test.each([
    ["the shard logs", isLogReading],
    ["the consumers of providers", ({ command }: Call) => command === "Query"],
    ["the consumers", isConsumerReading],
  ])("a change that commits while %s are read is in the next answer", async (_, matches) => {
    await claimOne();
    const before = await answered();
    await claimOne();
    let done = 0;
    large.holdReader(async (call) => {
      if (done > 0 || !matches(call)) return call.send();
      done += 1;
      const answer = await call.send();
      await claimOne();
      return answer;
    });
    expect(await answered()).toBeGreaterThan(before);
    expect(done).toBe(1);
    expect(await answered()).toBe(before + 2);
  });

  test("a change that commits during a full read is in the next answer", async () => {
    const before = await answered();
    large.clock.pass(MAX_AGE + 1);
    let done = 0;
    large.holdReader(async (call) => {
      const answer = await call.send();
      if (isProjectReading(call) && done === 0) {
        done += 1;
        await claimOne();
      }
      return answer;
    });
    expect(await answered()).toBe(before);
    expect(done).toBe(1);
    expect(await answered()).toBe(before + 1);
  });

  test("many requests share the next refresh, and none joins one that read the logs before it arrived", async () => {
    const [reached, go] = [latch(), latch()];
    large.holdReader(async (call) => {
      const answer = await call.send();
      if (isLogReading(call)) {
        reached.open();
        await go.opened;
      }
      return answer;
    });
    const before = await answeredAfter(() => reached.opened, go.open);
    expect(before.others).toEqual(Array(8).fill(before.first + 1));
    expect(before.logReadings).toBe(2);
  });

  async function answeredAfter(reached: () => Promise<void>, go: () => void) {
    large.reads();
    const first = answered();
    await reached();
    await claimOne();
    const others = Array.from({ length: 8 }, answered);
    await setImmediate();
    // The eight have arrived when a request that came after them has been answered.
    await large.reader.request("GET", "/");
    go();
    return {
      first: await first,
      others: await Promise.all(others),
      logReadings: large.reads().calls.filter(isLogReading).length,
    };
  }
});

describe("what the shard logs do not tell", () => {
  async function withoutAppend(act: () => Promise<void>): Promise<void> {
    large.holdWriter((call) => (isLogAppend(call) ? Promise.reject(denied()) : call.send()));
    await act();
    large.holdWriter(undefined);
  }

  test("a change that could not be appended is seen within 60 seconds", async () => {
    const before = await answered();
    const uuid = randomUUID();
    await withoutAppend(() => put(uuid, { [host]: { VCPU: 1 } }));
    expect(await answered()).toBe(before);
    large.clock.pass(MAX_AGE + 1);
    expect(await answered()).toBe(before + 1);
    // It is followed from then on, though no log has named where it is.
    await put(uuid, { [String(sides[0]?.[0])]: { VCPU: 1 } }, 1);
    await large.writer.request("DELETE", `/allocations/${uuid}`);
    expect(await answered()).toBe(before);
  });

  test("nor is one forgotten for longer that was released", async () => {
    const uuid = randomUUID();
    await put(uuid, { [host]: { VCPU: 1 } });
    const before = await answered();
    await withoutAppend(async () => {
      await large.writer.request("DELETE", `/allocations/${uuid}`);
    });
    large.clock.pass(MAX_AGE + 1);
    expect(await answered()).toBe(before - 1);
  });

  test("a clock that was set back proves no age", async () => {
    const before = await answered();
    await withoutAppend(claimOne);
    large.clock.pass(-MAX_AGE);
    expect(await answered()).toBe(before + 1);
  });

  test("where consumers are is read again after ten minutes", async () => {
    const uuid = randomUUID();
    await put(uuid, { [host]: { VCPU: 1 } });
    await large.exact();
    await withoutAppend(() => put(uuid, { [String(sides[0]?.[1])]: { VCPU: 1 } }, 1));
    large.clock.pass(10 * MAX_AGE + 1);
    await large.exact();
    await large.learn();
    await large.writer.request("DELETE", `/allocations/${uuid}`);
    large.reads();
    await large.exact();
    expect(large.reads().calls.filter(isProjectReading)).toEqual([]);
  });

  test.each(["absent", "older"])("a log that is %s: all is read again", async (how) => {
    const { client, tableName: TableName } = large.writer;
    const Key = logOfProvider(host);
    await withoutAppend(claimOne);
    if (how === "absent") await client.send(new DeleteCommand({ TableName, Key }));
    else await client.send(new PutCommand({ TableName, Item: { ...Key, n: 0, b: 0, m: {} } }));
    await large.exact();
    await claimOne();
    await large.exact();
  });

  test("a log that no longer reaches back: all is read again", async () => {
    const before = await answered();
    await claimOne();
    const { client, tableName: TableName } = large.writer;
    const Key = logOfProvider(host);
    const item = (await large.writer.items()).find(({ pk }) => pk === Key.pk);
    const n = Number(item?.["n"]) + 1;
    await client.send(new PutCommand({ TableName, Item: { ...Key, n, b: n, m: {} } }));
    expect(await answered()).toBe(before + 1);
  });
});

describe("more than it is worth", () => {
  test("a changed provider with many consumers: the project is read in full", async () => {
    const [crowded] = (await makeHosts(1)) as [Uuid];
    const bodies = Array.from({ length: 25 }, () => [
      randomUUID(),
      { ...claimBody({ [crowded]: { VCPU: 1 } }, null), ...owner("others") },
    ]);
    const body = Object.fromEntries(bodies);
    expect((await large.writer.request("POST", "/allocations", { body })).status).toBe(204);
    large.reads();
    await large.exact();
    const { calls } = large.reads();
    expect(calls.filter(isProjectReading)).toHaveLength(1);
    expect(calls.filter(isConsumerReading)).toEqual([]);
  });

  test("many changed providers: the same, without a look at each", async () => {
    for (const each of large.hosts.slice(0, 8)) {
      await put(randomUUID(), { [each]: { VCPU: 1 } });
    }
    large.reads();
    await large.exact();
    expect(large.reads().counts["Query"]).toBe(1);
  });
});

test("after more than it is worth to follow, what is known of the others is kept", async () => {
  const hosts = await makeHosts(12);
  const uuids = hosts.map(() => randomUUID());
  const everywhere = async (generation: number | null, shift: number) => {
    for (const [index, uuid] of uuids.entries()) {
      const at = String(hosts[(index + shift) % hosts.length]);
      await put(uuid, { [at]: { VCPU: 1 } }, generation);
    }
    large.reads();
    await large.exact();
    expect(large.reads().calls.filter(isProjectReading)).toHaveLength(1);
  };
  await everywhere(null, 0);
  await everywhere(1, 1);
  for (const uuid of uuids) {
    await large.writer.request("DELETE", `/allocations/${uuid}`);
    large.reads();
    await large.exact();
    expect(large.reads().calls.filter(isProjectReading)).toEqual([]);
  }
});

describe("a read that fails", () => {
  test.each([
    ["the consumers of a provider", ({ command }: Call) => command === "Query"],
    ["the consumers", isConsumerReading],
    ["the commit index", ({ command }: Call) => command === "Get"],
  ])("%s: the next answer has everything", async (_, matches) => {
    const before = await answered();
    await claimOne();
    let failed = 0;
    large.holdReader(async (call) => {
      if (failed > 0 || !matches(call)) return call.send();
      failed += 1;
      throw denied();
    });
    const { reader, project } = large;
    expect((await reader.request("GET", `/usages?project_id=${project}`)).status).toBe(503);
    expect(failed).toBe(1);
    expect(await answered()).toBe(before + 1);
  });
});
