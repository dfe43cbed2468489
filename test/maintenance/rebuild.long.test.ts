/** The maintenance function that rebuilds what a partial restore left behind. */
import { DeleteCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { rebuildRecords } from "../../functions/maintenance/rebuild-records.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { NO_UUID, type Uuid } from "../../lib/model/uuid.ts";
import { consumerKey } from "../../lib/store/items/consumer.ts";
import { allocationKey } from "../../lib/store/items/holder.ts";
import type { RebuildReport } from "../../lib/store/maintenance/rebuild.ts";
import { verifyItems } from "../../lib/store/maintenance/verify/verify-items.ts";
import type { Item } from "../../lib/store/table/item.ts";
import { type Api, startApi } from "../support/api.ts";
import { type Chance, chance } from "../support/chance.ts";
import { crowd } from "../support/crowd.ts";
import { interpose } from "../support/interpose.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { randomUuid } from "../support/uuids.ts";
import { claim, makeProvider, readClaim, readUsages, release } from "../support/world.ts";

const CONSUMERS = 24;
const MAX_INVOCATIONS = 500;
let api: Api;
let random: Chance;
let providers: Uuid[];
let consumers: Uuid[];

beforeEach(async () => {
  api = await startApi();
  random = chance("rebuild");
  providers = [];
  for (let count = 0; count < 4; count += 1) {
    providers.push(await makeProvider(api, { VCPU: 500, DISK_GB: 500 }));
  }
  consumers = Array.from({ length: CONSUMERS }, () => random.uuid());
  for (const consumer of consumers) await claimSome(consumer);
  for (let count = 0; count < 10; count += 1) {
    const body = { project_id: `idle-${count % 2}`, user_id: "user" };
    await api.request("POST", "/consumers", { body });
  }
});
afterEach(() => api.close());

async function claimSome(consumer: string, generation: number | null = null) {
  const [one, other] = [random.pick(providers), random.pick(providers)];
  const held = { [one]: { VCPU: 1 + random.below(5) }, [other]: { DISK_GB: 1 + random.below(5) } };
  return claim(api, consumer, held, generation);
}

const invoke = (event: unknown): Promise<RebuildReport> =>
  taskLambda(rebuildRecords, async () => api.runtime)(event) as Promise<RebuildReport>;

/** Invocations until the table's end is reached; their sums. */
async function rebuildAll(batch_size: number): Promise<{ found: number; done: number }> {
  let found = 0;
  let done = 0;
  for (let count = 0; count < MAX_INVOCATIONS; count += 1) {
    const report = await invoke({ batch_size });
    found += report.found;
    done += report.done;
    if (report.complete) return { found, done };
  }
  throw new Error("the rebuild never ends");
}

async function lose({ pk, sk }: { pk: string; sk: string }): Promise<void> {
  await api.client.send(new DeleteCommand({ TableName: api.tableName, Key: { pk, sk } }));
}

async function put(item: Item): Promise<void> {
  await api.client.send(new PutCommand({ TableName: api.tableName, Item: item }));
}

const kindOf = ({ pk }: Item) => pk.split("#", 1)[0] ?? "";

async function damageProvider({ pk, sk }: Item): Promise<void> {
  await api.client.send(
    new UpdateCommand({
      TableName: api.tableName,
      Key: { pk, sk },
      UpdateExpression: "SET #n = :n, #i.#c.#u = :u, #i.#c.#f = :f",
      ExpressionAttributeNames: { "#n": "n", "#i": "i", "#c": "0", "#u": "u", "#f": "f" },
      ExpressionAttributeValues: {
        ":n": random.below(9),
        ":u": random.below(99),
        ":f": random.below(99),
      },
    }),
  );
}

/** Loses a share of the items of `kinds`, and makes the use of providers wrong. */
async function damage(kinds: readonly string[], share: number): Promise<number> {
  let lost = 0;
  for (const item of await api.items()) {
    if (kinds.includes(kindOf(item)) && random.fraction() < share) {
      await lose(item);
      lost += 1;
    }
    if (item.sk.startsWith("H#") && random.below(2) === 0) await damageProvider(item);
  }
  return lost;
}

test("a table that is whole is left as it is", async () => {
  const before = await api.items();
  expect(await invoke({})).toEqual({ found: 0, done: 0, complete: true });
  const after = await api.items();
  expect(after.filter(({ pk }) => pk !== "META#REBUILD")).toEqual(before);
});

describe.each([
  [["ALLOCATIONS"]],
  [["PROJECT"]],
  [["IDLE"]],
  [["CONSUMER"]],
  [["ALLOCATIONS", "PROJECT", "IDLE"]],
  [["CONSUMER", "ALLOCATIONS", "PROJECT", "IDLE"]],
])("after a loss of %j", (kinds) => {
  test.each([1, 1_000])("everything is whole again, by batches of %i", async (batchSize) => {
    expect(await damage(kinds, 0.5)).toBeGreaterThan(0);
    expect(brokenInvariants(await api.items())).not.toEqual([]);
    const { found, done } = await rebuildAll(batchSize);
    expect(found).toBeGreaterThan(0);
    expect(done).toBe(found);
    expect(brokenInvariants(await api.items())).toEqual([]);
    expect(await rebuildAll(1_000)).toEqual({ found: 0, done: 0 });
  });
});

test("consumers that were lost are made again as they were, from what is left of them", async () => {
  const before = new Map<string, Awaited<ReturnType<typeof readClaim>>>();
  for (const consumer of consumers) before.set(consumer, await readClaim(api, consumer));
  for (const consumer of consumers) await lose(consumerKey(consumer));
  await rebuildAll(50);
  expect(brokenInvariants(await api.items())).toEqual([]);
  for (const consumer of consumers) {
    expect(await readClaim(api, consumer)).toEqual(before.get(consumer));
    const { body } = await api.request("GET", `/consumers/${consumer}`);
    expect(body).toMatchObject({ project_id: "project", user_id: "user" });
    expect(body.consumer_type).toBe("INSTANCE");
  }
});

test("a consumer of which only a look-up item is left belongs to the incomplete ids", async () => {
  const consumer = randomUuid();
  const provider = providers[0] ?? NO_UUID;
  await claim(api, consumer, { [provider]: { VCPU: 3 } });
  await lose(consumerKey(consumer));
  const items = await api.items();
  for (const item of items) {
    if (kindOf(item) === "PROJECT" && item.sk.endsWith(consumer)) await lose(item);
  }
  await rebuildAll(50);
  expect(brokenInvariants(await api.items())).toEqual([]);
  const { body } = await api.request("GET", `/consumers/${consumer}`);
  expect(body.project_id).toBe("00000000-0000-0000-0000-000000000000");
  expect((await release(api, consumer)).status).toBe(204);
});

test("a look-up item that its consumer does not know of is removed", async () => {
  const [consumer = NO_UUID] = consumers;
  const provider = await makeProvider(api, { VCPU: 5 });
  await put({ ...allocationKey(provider, consumer), g: 1, a: { "0": 5 }, w: 1 });
  await rebuildAll(50);
  expect(brokenInvariants(await api.items())).toEqual([]);
  expect(await readUsages(api, provider)).toEqual({ VCPU: 0 });
});

test("what belongs to a consumer under another spelling is rebuilt under it", async () => {
  const [consumer = NO_UUID, other = NO_UUID] = consumers;
  const spelt = (item: Item, uuid: Uuid) => {
    const to = uuid.toUpperCase();
    return { ...item, pk: item.pk.replace(uuid, to), sk: item.sk.replace(uuid, to) };
  };
  for (const item of await api.items()) {
    for (const uuid of [consumer, other]) {
      if (!item.pk.endsWith(uuid) && !item.sk.endsWith(uuid)) continue;
      await lose(item);
      // One loses what it is looked up by, the other one itself.
      const lost = uuid === consumer ? "ALLOCATIONS" : "CONSUMER";
      if (kindOf(item) !== lost) await put(spelt(item, uuid));
    }
  }
  await rebuildAll(50);
  const findings = verifyItems(await api.items(), Date.now());
  expect(findings.map(({ rule, items: [key] }) => [rule, key?.pk]).sort()).toEqual(
    [consumer, other].map((uuid) => ["spelling", `CONSUMER#${uuid.toUpperCase()}`]).sort(),
  );
});

test("a consumer that was rebuilt is an ordinary one afterwards", async () => {
  const [consumer = NO_UUID, other = NO_UUID] = consumers;
  await lose(consumerKey(consumer));
  await lose(consumerKey(other));
  await rebuildAll(50);
  const found = await readClaim(api, consumer);
  expect((await claimSome(consumer, found?.generation)).status).toBe(204);
  expect((await release(api, other)).status).toBe(204);
  expect(brokenInvariants(await api.items())).toEqual([]);
});

test("claims and releases go on while the table is rebuilt, and afterwards it is whole", async () => {
  await damage(["CONSUMER", "ALLOCATIONS", "PROJECT", "IDLE"], 0.3);
  const traffic = crowd({ width: 8, count: 300 }, async () => {
    const consumer = random.pick(consumers);
    const found = await readClaim(api, consumer);
    const answer =
      random.below(3) === 0
        ? await release(api, consumer)
        : await claimSome(consumer, found?.generation ?? null);
    // Until it is rebuilt, damage is told and not written over.
    expect([204, 404, 409, 503], JSON.stringify(answer.body)).toContain(answer.status);
  });
  let ended = false;
  const until = traffic.finally(() => {
    ended = true;
  });
  while (!ended) await rebuildAll(20);
  await until;
  await rebuildAll(1_000);
  expect(brokenInvariants(await api.items())).toEqual([]);
}, 60_000);

test("a look-up item that is seen late, as DynamoDB allows, is not taken for a lost one", async () => {
  let late = true;
  const slow = await startApi({
    tableName: api.tableName,
    connection: (connection) =>
      interpose(connection, async (call) => {
        const answer = (await call.send()) as { Responses?: Record<string, Item[]> };
        const items = answer.Responses?.[api.tableName] ?? [];
        const seen = items.filter(({ pk }) => !pk.startsWith("PROJECT#"));
        if (!late || seen.length === items.length) return answer;
        late = false;
        return { ...answer, Responses: { [api.tableName]: seen } };
      }),
  });
  const before = await api.items();
  const report = await taskLambda(rebuildRecords, async () => slow.runtime)({});
  expect(late).toBe(false);
  expect(report).toEqual({ found: 0, done: 0, complete: true });
  const after = await api.items();
  expect(after.filter(({ pk }) => pk !== "META#REBUILD")).toEqual(before);
  await slow.close();
});
