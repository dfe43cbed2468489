/** What may befall a large change under way: lost answers, long pauses, other people's clocks. */
import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { consumerKey, hotKey } from "../../lib/store/keys.ts";
import { GATE_KEY } from "../../lib/store/two-phase/gate.ts";
import { type Api, startApi } from "../support/api.ts";
import { isWrite } from "../support/between.ts";
import { type FastClock, fastClock } from "../support/fast-clock.ts";
import { LOSSES } from "../support/faults.ts";
import type { HttpAnswer } from "../support/http-client.ts";
import { type Call, type Interposer, interpose } from "../support/interpose.ts";
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
import { isAnyWrite, isCommit } from "../support/mortal.ts";
import { detailOf, type Requester, statuses } from "../support/world.ts";

const HOUR = 3_600_000;
const TIMEOUT = 900_000;
/** More writes than the change takes. */
const MAX_STEPS = 150;
const lost = LOSSES["a timeout"] as () => Error;

/** Its calls go through what `between` is. */
interface Disturbed extends Api {
  between: Interposer | undefined;
}

async function startDisturbed(tableName?: string, clock?: FastClock): Promise<Disturbed> {
  const disturbance: { between: Interposer | undefined } = { between: undefined };
  const api = await startApi({
    ...(tableName === undefined ? {} : { tableName }),
    ...(clock === undefined ? {} : { clock }),
    connection: (connection) =>
      interpose(connection, (call) => disturbance.between?.(call) ?? call.send()),
  });
  return Object.assign(disturbance, api);
}

let clock: FastClock;
let slow: Disturbed;
let reader: Disturbed;
/** Another server, an hour later: to it every undecided change has expired. */
let late: Disturbed;
let world: LargeWorld;

beforeAll(async () => {
  clock = fastClock();
  slow = await startDisturbed(undefined, clock);
  reader = await startDisturbed(slow.tableName);
  late = await startDisturbed(slow.tableName, fastClock(Date.now() + HOUR));
});
beforeEach(async () => {
  world = await makeLargeWorld(reader);
});
afterEach(async () => {
  for (const api of [slow, reader, late]) api.between = undefined;
  await sweep(late);
  await expectWhole(reader);
});
afterAll(async () => {
  for (const api of [late, reader, slow]) await api.close();
});

const moved = ({ side, consumerGeneration }: Position): Position => ({
  side: side === 0 ? 1 : 0,
  consumerGeneration: consumerGeneration + 1,
});

async function reshape(server: Requester, position: Position): Promise<HttpAnswer> {
  const body = await reshapeBody(reader, world, position);
  return server.request("POST", "/reshaper", { body, roles: "service" });
}

/** Reshapes with each write in turn disturbed by `act`; until there is none left. */
async function atEveryWrite(
  matches: (call: Call) => boolean,
  act: (call: Call) => Promise<unknown>,
  judge: (answer: HttpAnswer, before: Position) => Promise<void>,
): Promise<number> {
  for (let at = 0; at < MAX_STEPS; at += 1) {
    const before = await readPosition(reader, world);
    let count = 0;
    let met = false;
    slow.between = async (call) => {
      if (!matches(call)) return call.send();
      count += 1;
      if (met || count <= at) return call.send();
      met = true;
      return act(call);
    };
    const answer = await reshape(slow, before);
    slow.between = undefined;
    await judge(answer, before);
    if (!met) return at;
  }
  throw new Error("there is no end of writes");
}

test(
  "an answer lost at any write is made good by the same coordinator",
  async () => {
    const writes = await atEveryWrite(
      isAnyWrite,
      async (call) => {
        await call.send();
        throw lost();
      },
      async (answer, before) => {
        expect(answer.status, JSON.stringify(answer.body)).toBe(204);
        expect(await readPosition(reader, world)).toEqual(moved(before));
      },
    );
    expect(writes).toBeGreaterThan(100);
    await expectWhole(reader);
  },
  TIMEOUT,
);

/** The answer says what has happened; where it cannot, it says so. */
async function expectHonest(answer: HttpAnswer, before: Position) {
  const after = await readPosition(reader, world);
  if (answer.status === 204) {
    expect(after).toEqual(moved(before));
    return;
  }
  expect(answer.status, JSON.stringify(answer.body)).toBe(503);
  if (!detailOf(answer).includes("is unknown")) expect(after).toEqual(before);
}

/** As an engine that was started anew, which knows no token. */
const forgetToken = (call: Call): Promise<unknown> => {
  (call.input as { ClientRequestToken?: string }).ClientRequestToken = crypto.randomUUID();
  return call.send();
};

test.each([
  ["", async () => undefined],
  [", and somebody sweeps meanwhile", async () => sweep(late)],
] satisfies [string, () => Promise<unknown>][])(
  "an answer is lost, and its token forgotten%s",
  async (_, act) => {
    const transactions = await atEveryWrite(
      isWrite,
      async (call) => {
        await call.send();
        slow.between = (next): Promise<unknown> =>
          isWrite(next) ? forgetToken(next) : next.send();
        await act();
        throw lost();
      },
      expectHonest,
    );
    expect(transactions).toBe(5);
  },
);

test("a coordinator that pauses at any transaction, while its change is aborted", async () => {
  const made: number[] = [];
  const transactions = await atEveryWrite(
    isWrite,
    async (call) => {
      await sweep(late);
      return call.send();
    },
    async (answer, before) => {
      made.push(answer.status);
      await expectHonest(answer, before);
      await expectWhole(reader);
    },
  );
  expect(transactions).toBeGreaterThanOrEqual(5);
  expect(made.at(0)).toBe(204);
});

describe("DynamoDB shows the record of a commit before the gate", () => {
  test("readers of many items see the change in none of them until they see it in all", async () => {
    const before = await readPosition(reader, world);
    const { sides } = world;
    const holding = sides[before.side];
    const { pk, sk } = GATE_KEY;
    const gate = await reader.client.send(
      new GetCommand({ TableName: reader.tableName, Key: { pk, sk }, ConsistentRead: true }),
    );
    let stale = 0;
    const decided = deferred();
    slow.between = async (call) => {
      if (!isCommit(call)) return call.send();
      const sent: unknown = await call.send();
      decided.resolve();
      // The roll-forward begins when the reader has read.
      await read.promise;
      return sent;
    };
    const read = deferred();
    const isGate = ({ command, keys }: Call) =>
      command === "Get" && keys.some((key) => key.pk === pk && key.sk === sk);
    let hot = false;
    let answer: Promise<unknown> | undefined;
    reader.between = async (call) => {
      if (isGate(call) && hot) {
        stale += 1;
        return stale <= 3 ? gate : call.send();
      }
      const sent = await call.send();
      // The provider's own item was read, unmarked; now all is marked, and committed.
      if (
        !hot &&
        call.command === "Get" &&
        call.keys.some((key) => key.sk === hotKey(holding).sk)
      ) {
        hot = true;
        answer = reshape(slow, before);
        await decided.promise;
      }
      return sent;
    };
    // The generation is that of the provider's item, the allocations are items of their own.
    const { body } = await reader.request("GET", `/resource_providers/${holding}/allocations`);
    reader.between = undefined;
    read.resolve();
    expect(await answer).toMatchObject({ status: 204 });
    const own = await reader.request("GET", `/resource_providers/${holding}`);
    const held = Object.keys(body.allocations).length;
    const asAfter = body.resource_provider_generation === own.body.generation;
    expect(held).toBe(asAfter ? 0 : world.consumers.length);
    expect(stale).toBeGreaterThan(0);
  });
});

test("a mark that appears after its change was aborted and is over", async () => {
  const before = await readPosition(reader, world);
  const [consumer = ""] = world.consumers;
  const key = consumerKey(consumer);
  slow.between = async (call) => {
    if (call.command === "Update") return new Promise<never>(() => {});
    return call.send();
  };
  const dead = reshape(slow, before);
  dead.catch(() => undefined);
  // Its writes are under way for as long as they are not seen.
  await expect
    .poll(async () => (await reader.items()).filter((item) => "mark" in item).length)
    .toBeGreaterThan(100);
  await new Promise((resolve) => setTimeout(resolve, 50));
  late.between = async (call) => {
    const answer = (await call.send()) as { Responses?: Record<string, { pk: string }[]> };
    if (call.command !== "BatchGet") return answer;
    const [items = []] = Object.values(answer.Responses ?? {});
    const seen = items.filter(({ pk }) => pk !== key.pk);
    return { ...answer, Responses: { [late.tableName]: seen } };
  };
  await sweep(late);
  late.between = undefined;
  const marked = (await reader.items()).filter((item) => "mark" in item);
  expect(marked.map(({ pk }) => pk)).toEqual([key.pk]);
  expect(await readPosition(reader, world)).toEqual(before);
  expect((await touch(reader, world)).status).toBe(204);
  await expectWhole(reader);
});

test("what this version does not know of an item stays", async () => {
  const before = await readPosition(reader, world);
  const [consumer = ""] = world.consumers;
  for (const key of [consumerKey(consumer), hotKey(world.sides[0])]) {
    await reader.client.send(
      new UpdateCommand({
        TableName: reader.tableName,
        Key: { pk: key.pk, sk: key.sk },
        UpdateExpression: "SET later = :l",
        ExpressionAttributeValues: { ":l": { lease: [1, "a", new Set(["b"]), new Uint8Array(3)] } },
      }),
    );
  }
  expect((await reshape(slow, before)).status).toBe(204);
  const kept = (await reader.items()).flatMap((item) => item["later"] ?? []);
  const lease = [1, "a", new Set(["b"]), new Uint8Array(3)];
  expect(kept).toEqual([{ lease }, { lease }]);
});

test("a writer that comes between the decision and the roll-forward is not written over", async () => {
  const before = await readPosition(reader, world);
  const answers: Promise<HttpAnswer>[] = [];
  let decided = false;
  slow.between = async (call) => {
    // Some items are settled, and then written, by somebody else before their turn.
    if (decided && call.command === "Put" && answers.length < 10) {
      const consumer = world.consumers[answers.length];
      const path = `/consumers/${consumer}/generation`;
      const body = { consumer_generation: before.consumerGeneration + 1 };
      const answer = late.request("POST", path, { body });
      answers.push(answer);
      await answer;
    }
    const sent = await call.send();
    if (isCommit(call)) decided = true;
    return sent;
  };
  expect((await reshape(slow, before)).status).toBe(204);
  expect(statuses(await Promise.all(answers))).toEqual({ 200: 10 });
  const raised = world.consumers.slice(0, 10);
  for (const consumer of raised) {
    const { body } = await reader.request("GET", `/consumers/${consumer}`);
    expect(body.consumer_generation).toBe(before.consumerGeneration + 2);
  }
});

test("a head that cannot be raised holds the change back", async () => {
  const before = await readPosition(reader, world);
  const isHead = ({ command, keys }: Call) =>
    command === "Update" && keys.some(({ pk }) => pk.startsWith("HEADS#"));
  slow.between = async (call) => {
    if (isHead(call)) throw lost();
    return call.send();
  };
  const answer = await reshape(slow, before);
  slow.between = undefined;
  expect(answer.status).toBe(503);
  expect(detailOf(answer)).toContain("nothing was written");
  expect(await readPosition(reader, world)).toEqual(before);
});

describe("a function that runs out of time", () => {
  test("before the decision has changed nothing, and says so", async () => {
    const before = await readPosition(reader, world);
    let transactions = 0;
    slow.between = async (call) => {
      if (isWrite(call)) {
        transactions += 1;
        if (transactions === 2) clock.pass(30_000);
      }
      return call.send();
    };
    const answer = await reshape(slow, before);
    expect(answer.status).toBe(503);
    expect(detailOf(answer)).toContain("nothing was written");
    expect(await readPosition(reader, world)).toEqual(before);
    expect(slow.logs).toContainEqual(expect.objectContaining({ metric: "LargeChangeLeft" }));
  });

  test("after the decision leaves the rest to the sweep, and answers", async () => {
    const before = await readPosition(reader, world);
    let settled = 0;
    slow.between = async (call) => {
      const answer = await call.send();
      if (isCommit(call)) clock.pass(23_000);
      if (call.command === "Put" || call.command === "Delete") {
        settled += 1;
        if (settled === 10) clock.pass(2_000);
      }
      return answer;
    };
    const answer = await reshape(slow, before);
    slow.between = undefined;
    expect(answer.status).toBe(204);
    expect(settled).toBeLessThan(60);
    expect(slow.logs).toContainEqual(
      expect.objectContaining({ metric: "LargeChangeLeft", state: "committed" }),
    );
    const marked = (await reader.items()).filter((item) => "mark" in item);
    expect(marked.length).toBeGreaterThan(40);
    expect(await readPosition(reader, world)).toEqual(moved(before));
    expect(await sweep(reader)).toEqual({ found: 1, done: 1 });
    await expectWhole(reader);
  });
});

test("an item that is marked by a change under way is waited for", async () => {
  const before = await readPosition(reader, world);
  const [consumer = ""] = world.consumers;
  let answer: Promise<HttpAnswer> | undefined;
  slow.between = async (call) => {
    if (isCommit(call) && answer === undefined) {
      const path = `/consumers/${consumer}/generation`;
      const body = { consumer_generation: before.consumerGeneration };
      answer = reader.request("POST", path, { body });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return call.send();
  };
  expect((await reshape(slow, before)).status).toBe(204);
  const met = (await answer) as HttpAnswer;
  expect(met.status).toBe(409);
  expect(detailOf(met)).toContain(
    `expected ${before.consumerGeneration + 1} but got ${before.consumerGeneration}`,
  );
});

function deferred() {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
