/** What large changes cost everybody else: a clause in a condition, and a read unit for a list. */

import { randomUUID } from "node:crypto";
import { DeleteCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { beforeAll, expect, test } from "vitest";
import { COMMIT_INDEX_KEY } from "../../lib/store/items/commit-index.ts";
import { LOGS } from "../../lib/store/items/shard-log.ts";
import { INTENT } from "../../lib/store/table/expressions.ts";
import { useApi } from "../support/frame.ts";
import { type Call, interpose } from "../support/interpose.ts";
import { claim, makeProvider, release } from "../support/world.ts";

interface Capacity {
  readonly CapacityUnits?: number;
}

/** A call, and the capacity units that it took. */
interface Paid {
  readonly call: Call;
  readonly units: number;
}

let paid: Paid[] = [];
let provider: string;

const api = useApi({
  connection: (connection) =>
    interpose(connection, async (call) => {
      Object.assign(call.input, { ReturnConsumedCapacity: "TOTAL" });
      const answer = (await call.send()) as { ConsumedCapacity?: Capacity | Capacity[] };
      const capacities = [answer.ConsumedCapacity ?? []].flat();
      const units = capacities.reduce((sum, each) => sum + (each.CapacityUnits ?? 0), 0);
      paid.push({ call, units });
      return answer;
    }),
});

beforeAll(async () => {
  provider = await makeProvider(api, { VCPU: 1_000 });
});

async function during(act: () => Promise<{ readonly status: number }>, status: number) {
  paid = [];
  expect((await act()).status).toBe(status);
  return paid;
}

const sum = (some: readonly Paid[]) => some.reduce((total, { units }) => total + units, 0);

const isCommitIndex = ({ call }: Paid) =>
  call.keys.some(({ pk, sk }) => pk === COMMIT_INDEX_KEY.pk && sk === COMMIT_INDEX_KEY.sk);

interface Action {
  ConditionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
}

/** Removes the clause about write intents from an action. */
function withoutClause(action: Action): void {
  const { ExpressionAttributeNames: names = {}, ConditionExpression: text = "" } = action;
  const [placeholder] = Object.entries(names).find(([, name]) => name === INTENT) ?? [];
  const clauses = text.split(" AND ");
  const others = clauses.filter((clause) => clause !== `attribute_not_exists(${placeholder})`);
  expect(others).toHaveLength(clauses.length - 1);
  delete names[placeholder ?? ""];
  if (others.length > 0) action.ConditionExpression = others.join(" AND ");
  else delete action.ConditionExpression;
  if (Object.keys(names).length === 0) delete action.ExpressionAttributeNames;
}

test("a claim and its release write what they would without large changes", async () => {
  const consumer = randomUUID();
  const claimed = await during(() => claim(api, consumer, { [provider]: { VCPU: 1 } }), 204);
  expect(claimed.map(({ call }) => call.command)).toEqual(["TransactWrite", "Update"]);
  // Five items of a transaction at 2 units each, its event among them, and the shard log.
  expect(claimed.map(({ units }) => units)).toEqual([10, 1]);
  const released = await during(() => release(api, consumer), 204);
  expect(released.map(({ call }) => call.command)).toEqual(["Get", "TransactWrite", "Update"]);
  expect(released.map(({ units }) => units)).toEqual([1, 10, 1]);
  expect([...claimed, ...released].filter(isCommitIndex)).toEqual([]);
});

test("the clause about write intents costs no capacity", async () => {
  const consumer = randomUUID();
  const [written] = await during(() => claim(api, consumer, { [provider]: { VCPU: 1 } }), 204);
  if (written === undefined) throw new Error("nothing was written");
  expect((await release(api, consumer)).status).toBe(204);
  // As the event of another change it would refuse the same transaction.
  for (const { pk, sk } of (await api.items()).filter((item) => item.pk === `EVENT#${consumer}`)) {
    await api.client.send(new DeleteCommand({ TableName: api.tableName, Key: { pk, sk } }));
  }
  const items = structuredClone(written.call.input["TransactItems"]) as Record<string, Action>[];
  for (const action of items.flatMap((each) => Object.values(each))) withoutClause(action);
  const { ConsumedCapacity } = await api.client.send(
    new TransactWriteCommand({
      TransactItems: items as never,
      ReturnConsumedCapacity: "TOTAL",
      ClientRequestToken: randomUUID(),
    }),
  );
  expect(ConsumedCapacity?.map(({ CapacityUnits }) => CapacityUnits)).toEqual([written.units]);
});

test.each([
  ["the use of a project", "/usages?project_id=project", 1],
  ["the allocations of a provider", "/resource_providers/PROVIDER/allocations", 1],
  // In one batch with the shard logs.
  ["the list of providers", "/resource_providers", 1 + LOGS],
])("%s costs one read unit more than its items", async (_, path, units) => {
  const look = () => api.request("GET", path.replace("PROVIDER", provider));
  await during(look, 200);
  const paidFor = await during(look, 200);
  const indexReads = paidFor.filter(isCommitIndex);
  expect(indexReads).toHaveLength(1);
  expect(sum(indexReads)).toBe(units);
});

test.each([
  ["a provider", "/resource_providers/PROVIDER"],
  ["a provider's inventories", "/resource_providers/PROVIDER/inventories"],
  ["a provider's use", "/resource_providers/PROVIDER/usages"],
  ["what a consumer holds", "/allocations/CONSUMER"],
])("%s costs what its items cost", async (_, path) => {
  const consumer = randomUUID();
  expect((await claim(api, consumer, { [provider]: { VCPU: 1 } })).status).toBe(204);
  const given = path.replace("PROVIDER", provider).replace("CONSUMER", consumer);
  expect((await during(() => api.request("GET", given), 200)).filter(isCommitIndex)).toEqual([]);
});
