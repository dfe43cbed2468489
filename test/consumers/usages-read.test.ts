/** How the usages of a project are read: page by page, only what is summed, large changes included. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ALL } from "../../lib/model/usages.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { readUsages } from "../../lib/store/consumers/usages.ts";
import { type Api, startApi } from "../support/api.ts";
import { type Call, type Interposer, interpose } from "../support/interpose.ts";
import { isCommit } from "../support/mortal.ts";
import { readingStore } from "../support/warm.ts";
import { claimBody, makeProvider, OWNER } from "../support/world.ts";

/** More items than one transaction holds. */
const CONSUMERS = 40;
const PROJECT = OWNER.project_id;
const consumers = Array.from({ length: CONSUMERS }, () => randomUUID());
const queries: Call[] = [];
const pass: Interposer = (call) => call.send();
let between = pass;
let reader: Api;
let writer: Api;
let provider: Uuid;

beforeAll(async () => {
  reader = await startApi({
    connection: (connection) =>
      interpose(connection, (call) => {
        if (call.command === "Query") queries.push(call);
        return call.send();
      }),
  });
  writer = await startApi({
    tableName: reader.tableName,
    connection: (connection) => interpose(connection, (call) => between(call)),
  });
  provider = await makeProvider(reader, { VCPU: 10 * CONSUMERS });
  await hold(1, null);
});
afterAll(async () => {
  await writer.close();
  await reader.close();
});

async function hold(amount: number, generation: number | null): Promise<void> {
  const bodies = consumers.map((uuid) => [
    uuid,
    claimBody({ [provider]: { VCPU: amount } }, generation),
  ]);
  const body = Object.fromEntries(bodies);
  expect((await writer.request("POST", "/allocations", { body })).status).toBe(204);
}

async function used(): Promise<number> {
  const { body } = await reader.request("GET", `/usages?project_id=${PROJECT}`);
  expect(body.usages.INSTANCE.consumer_count).toBe(CONSUMERS);
  return body.usages.INSTANCE.VCPU;
}

test.each([1, 7, CONSUMERS, CONSUMERS + 1])(
  "pages of %d count every consumer once",
  async (limit) => {
    queries.length = 0;
    const filter = { user: undefined, type: ALL };
    const groups = await readingStore(reader).list((given) =>
      readUsages(given, PROJECT, filter, limit),
    );
    expect(groups.get(ALL)).toEqual({ count: CONSUMERS, amounts: new Map([[0, CONSUMERS]]) });
    expect(queries).toHaveLength(Math.floor(CONSUMERS / limit) + 1);
    for (const { input } of queries) {
      const names = input["ExpressionAttributeNames"] as Record<string, string>;
      const read = String(input["ProjectionExpression"]).split(", ");
      expect(read.map((name) => names[name]).sort()).toEqual(["a", "mark", "sk"]);
    }
  },
);

test("an undecided large change is not in them, a decided one is before it is carried out", async () => {
  const seen: number[] = [];
  between = async (call) => {
    if (!isCommit(call)) return call.send();
    between = pass;
    seen.push(await used());
    const answer = await call.send();
    seen.push(await used());
    return answer;
  };
  await hold(2, 1);
  expect(seen).toEqual([CONSUMERS, 2 * CONSUMERS]);
  expect(await used()).toBe(2 * CONSUMERS);
});
