/** Who sees what of a large change while it is decided and carried out. */
import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { NO_UUID } from "../../lib/model/uuid.ts";
import { COMMIT_INDEX_KEY } from "../../lib/store/items/commit-index.ts";
import { consumerKey } from "../../lib/store/items/consumer.ts";
import { hotKey } from "../../lib/store/items/hot.ts";
import type { Key } from "../../lib/store/table/item.ts";
import type { HttpAnswer } from "../support/http-client.ts";
import type { Call, Interposer } from "../support/interpose.ts";
import { largeServers } from "../support/large-servers.ts";
import { expectWhole, readPosition, sweep, touch } from "../support/large-world.ts";
import { isCommit } from "../support/mortal.ts";
import { detailOf, statuses } from "../support/world.ts";

const large = largeServers();

const isReadOf = (key: Key) => (call: Call) =>
  call.command === "Get" && call.keys.some(({ pk, sk }) => pk === key.pk && sk === key.sk);

/** Does `act` after the reader's first call that `matches`, before it hears the answer. */
function afterFirst(matches: (call: Call) => boolean, act: () => Promise<unknown>): void {
  let done = false;
  large.reader.between = async (call) => {
    const answer = await call.send();
    if (done || !matches(call)) return answer;
    done = true;
    await act();
    return answer;
  };
}

/** The allocations of the provider that holds them, and whether its generation is the one before. */
async function readPair() {
  const before = await readPosition(large.reader, large.world);
  const holding = large.world.sides[before.side];
  const path = `/resource_providers/${holding}`;
  const { generation } = (await large.late.request("GET", path)).body;
  return {
    before,
    holding,
    /** Two reads: the provider's own item, and the items of its consumers. */
    look: async () => {
      const { status, body } = await large.reader.request("GET", `${path}/allocations`);
      expect(status).toBe(200);
      return {
        held: Object.keys(body.allocations).length,
        isBefore: body.resource_provider_generation === generation,
      };
    },
  };
}

test("a change that is made, and carried out, between two reads of one answer is seen in both", async () => {
  const { before, holding, look } = await readPair();
  afterFirst(isReadOf(hotKey(holding)), async () => {
    expect((await large.reshape(large.late, before)).status).toBe(204);
  });
  expect(await look()).toEqual({ held: 0, isBefore: false });
});

test("a change that is decided between two reads of one answer is seen in both", async () => {
  const { before, holding, look } = await readPair();
  const [decided, read] = [deferred(), deferred()];
  large.slow.between = async (call) => {
    const answer = await call.send();
    if (!isCommit(call)) return answer;
    decided.resolve();
    await read.promise;
    return answer;
  };
  let answer: Promise<HttpAnswer> | undefined;
  afterFirst(isReadOf(hotKey(holding)), async () => {
    answer = large.reshape(large.slow, before);
    await decided.promise;
  });
  expect(await look()).toEqual({ held: 0, isBefore: false });
  read.resolve();
  expect((await answer)?.status).toBe(204);
});

test("a change that is under way between two reads of one answer is seen in none", async () => {
  const { before, holding, look } = await readPair();
  const [written, read] = [deferred(), deferred()];
  large.slow.between = async (call) => {
    if (!isCommit(call)) return call.send();
    written.resolve();
    await read.promise;
    return call.send();
  };
  let answer: Promise<HttpAnswer> | undefined;
  afterFirst(isReadOf(hotKey(holding)), async () => {
    answer = large.reshape(large.slow, before);
    await written.promise;
  });
  expect(await look()).toEqual({ held: large.world.consumers.length, isBefore: true });
  read.resolve();
  expect((await answer)?.status).toBe(204);
});

test("where DynamoDB shows the record of a commit before the commit index, no reader sees the change yet", async () => {
  const { before, holding, look } = await readPair();
  const [decided, read] = [deferred(), deferred()];
  large.slow.between = async (call) => {
    const answer = await call.send();
    if (!isCommit(call)) return answer;
    decided.resolve();
    await read.promise;
    return answer;
  };
  const { tableName, client } = large.reader;
  const { pk, sk } = COMMIT_INDEX_KEY;
  const stale = await client.send(new GetCommand({ TableName: tableName, Key: { pk, sk } }));
  let answer: Promise<HttpAnswer> | undefined;
  afterFirst(isReadOf(hotKey(holding)), async () => {
    answer = large.reshape(large.slow, before);
    await decided.promise;
  });
  const honest = large.reader.between as Interposer;
  let late = 0;
  large.reader.between = async (call) => {
    if (answer === undefined || !isReadOf(COMMIT_INDEX_KEY)(call) || late === 3)
      return honest(call);
    late += 1;
    return stale;
  };
  expect(await look()).toEqual({ held: 0, isBefore: false });
  expect(late).toBe(3);
  read.resolve();
  expect((await answer)?.status).toBe(204);
});

test("a write intent that appears after its change was aborted and is over", async () => {
  const before = await readPosition(large.reader, large.world);
  const [consumer = NO_UUID] = large.world.consumers;
  const key = consumerKey(consumer);
  large.slow.between = async (call) => {
    if (call.command === "Update") return new Promise<never>(() => {});
    return call.send();
  };
  const dead = large.reshape(large.slow, before);
  dead.catch(() => undefined);
  // Its writes are under way for as long as they are not seen.
  await expect
    .poll(async () => (await large.reader.items()).filter((item) => "mark" in item).length)
    .toBeGreaterThan(100);
  await new Promise((resolve) => setTimeout(resolve, 50));
  large.late.between = async (call) => {
    const answer = (await call.send()) as { Responses?: Record<string, { pk: string }[]> };
    if (call.command !== "BatchGet") return answer;
    const [items = []] = Object.values(answer.Responses ?? {});
    const seen = items.filter(({ pk }) => pk !== key.pk);
    return { ...answer, Responses: { [large.late.tableName]: seen } };
  };
  await sweep(large.late);
  large.late.between = undefined;
  const withIntent = (await large.reader.items()).filter((item) => "mark" in item);
  expect(withIntent.map(({ pk }) => pk)).toEqual([key.pk]);
  expect(await readPosition(large.reader, large.world)).toEqual(before);
  expect((await touch(large.reader, large.world)).status).toBe(204);
  await expectWhole(large.reader);
});

test("what this version does not know of an item stays", async () => {
  const before = await readPosition(large.reader, large.world);
  const [consumer = NO_UUID] = large.world.consumers;
  for (const key of [consumerKey(consumer), hotKey(large.world.sides[0])]) {
    await large.reader.client.send(
      new UpdateCommand({
        TableName: large.reader.tableName,
        Key: { pk: key.pk, sk: key.sk },
        UpdateExpression: "SET later = :l",
        ExpressionAttributeValues: { ":l": { lease: [1, "a", new Set(["b"]), new Uint8Array(3)] } },
      }),
    );
  }
  expect((await large.reshape(large.slow, before)).status).toBe(204);
  const kept = (await large.reader.items()).flatMap((item) => item["later"] ?? []);
  const lease = [1, "a", new Set(["b"]), new Uint8Array(3)];
  expect(kept).toEqual([{ lease }, { lease }]);
});

test("a writer that comes between the decision and the roll-forward is not written over", async () => {
  const before = await readPosition(large.reader, large.world);
  const answers: Promise<HttpAnswer>[] = [];
  let decided = false;
  large.slow.between = async (call) => {
    // Another function resolves some items, and then writes them, before their turn.
    if (decided && call.command === "Put" && answers.length < 10) {
      const consumer = large.world.consumers[answers.length];
      const path = `/consumers/${consumer}/generation`;
      const body = { consumer_generation: before.consumerGeneration + 1 };
      const answer = large.late.request("POST", path, { body });
      answers.push(answer);
      await answer;
    }
    const sent = await call.send();
    if (isCommit(call)) decided = true;
    return sent;
  };
  expect((await large.reshape(large.slow, before)).status).toBe(204);
  expect(statuses(await Promise.all(answers))).toEqual({ 200: 10 });
  const raised = large.world.consumers.slice(0, 10);
  for (const consumer of raised) {
    const { body } = await large.reader.request("GET", `/consumers/${consumer}`);
    expect(body.consumer_generation).toBe(before.consumerGeneration + 2);
  }
});

test("an item with the write intent of a change under way is waited for", async () => {
  const before = await readPosition(large.reader, large.world);
  const [consumer = NO_UUID] = large.world.consumers;
  let answer: Promise<HttpAnswer> | undefined;
  large.slow.between = async (call) => {
    if (isCommit(call) && answer === undefined) {
      const path = `/consumers/${consumer}/generation`;
      const body = { consumer_generation: before.consumerGeneration };
      answer = large.reader.request("POST", path, { body });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return call.send();
  };
  expect((await large.reshape(large.slow, before)).status).toBe(204);
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
