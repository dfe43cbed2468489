/** The simulated table refuses what overlaps with a transaction, as DynamoDB does. */
import { expect, inject, test } from "vitest";
import { clientConfig, ensureTable } from "../../../lib/local/table.ts";
import { DynamoDBError } from "../../../lib/store/table/faults.ts";
import { seeded } from "../../support/chance.ts";
import { testEndpoint } from "../../support/engine.ts";
import { Ongoing } from "./ongoing.ts";
import { Scheduler } from "./scheduler.ts";
import { type Caller, SimulatedTable } from "./table.ts";
import type { Weather } from "./weather.ts";

const key = (name: string) => ({ pk: name, sk: name });
const [A, B, C] = [key("a"), key("b"), key("c")];

test("a transaction holds its items until it is over, for all but itself", () => {
  const ongoing = new Ongoing();
  ongoing.hold([A, B], { until: 10, token: "one" });
  expect(ongoing.overlap([C, B], 9, "two")).toEqual({ kind: "others", places: [1] });
  expect(ongoing.overlap([A, B], 9, undefined)).toEqual({ kind: "others", places: [0, 1] });
  expect(ongoing.overlap([A, B], 9, "one")).toEqual({ kind: "itself" });
  expect(ongoing.overlap([C], 9, "two")).toBeUndefined();
  expect(ongoing.overlap([A, B], 10, "two")).toBeUndefined();
});

/** Every transaction takes a while; nothing else happens. */
const WEATHER: Weather = {
  name: "transactions that take time",
  throttled: 0,
  conflicting: 0,
  lost: 0,
  slow: 0,
  torn: 1,
  dying: 0,
  pausing: 0,
  outageEvery: 0,
};
const CALLER: Caller = { alive: true, pausedUntil: 0, suffer: () => {} };
const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);

test.runIf(inject("engine") === "dynoxide")(
  "what overlaps is refused with its reason",
  async () => {
    const config = clientConfig(testEndpoint(), {});
    const tableName = `overlaps-${process.pid}-${Math.random().toString(36).slice(2)}`;
    await ensureTable(config, tableName);
    const kinds = new Map<string, number>();
    for (const seed of SEEDS) {
      const scheduler = new Scheduler();
      const table = new SimulatedTable(scheduler, seeded(seed), {
        tableName,
        config,
        weather: WEATHER,
        attempts: false,
      });
      const { client } = table.connectionOf(CALLER);
      const put = (name: string) => ({ Put: { TableName: tableName, Item: key(name) } });
      const check = {
        ConditionCheck: {
          TableName: tableName,
          Key: A,
          ConditionExpression: "attribute_exists(pk)",
        },
      };
      const first = { TransactItems: [put("a"), put("b")], ClientRequestToken: `first-${seed}` };
      const second = { TransactItems: [put("c"), check], ClientRequestToken: `second-${seed}` };
      // As where transactions are recognised by attempts: nothing tells the first from the second.
      const bare = { TransactItems: [put("a"), put("b")] };
      const update = { TableName: tableName, Key: B, UpdateExpression: "SET x = y" };
      const got = { TransactItems: [{ Get: { TableName: tableName, Key: A } }] };
      const calls: readonly [name: string, send: () => Promise<unknown>][] = [
        ["first", () => client.send("TransactWriteItems", first)],
        ["again", () => client.send("TransactWriteItems", first)],
        ["bare", () => client.send("TransactWriteItems", bare)],
        ["check", () => client.send("TransactWriteItems", second)],
        ["update", () => client.send("UpdateItem", update)],
        ["read", () => client.send("TransactGetItems", got)],
        ["get", () => client.send("GetItem", { TableName: tableName, Key: A })],
      ];
      let open = calls.length;
      for (const [name, send] of calls) {
        send().then(
          () => note(kinds, name, "done", () => (open -= 1)),
          (error) => note(kinds, name, reasonOf(error), () => (open -= 1)),
        );
      }
      await scheduler.run(() => open === 0);
      table.destroy();
    }
    console.log(Object.fromEntries(kinds));
    expect(kinds.get("check None,TransactionConflict")).toBeGreaterThan(0);
    expect(kinds.get("update TransactionConflictException")).toBeGreaterThan(0);
    expect(kinds.get("read TransactionConflict")).toBeGreaterThan(0);
    expect(kinds.get("again TransactionInProgressException")).toBeGreaterThan(0);
    expect(kinds.get("bare TransactionConflict,TransactionConflict")).toBeGreaterThan(0);
    expect(kinds.get("get done")).toBe(SEEDS.length);
    const known = /^(?:first|again|bare|check|update|read|get) /;
    expect([...kinds.keys()].every((kind) => known.test(kind))).toBe(true);
  },
);

function note(kinds: Map<string, number>, name: string, kind: string, then: () => void): void {
  const text = `${name} ${kind}`;
  kinds.set(text, (kinds.get(text) ?? 0) + 1);
  then();
}

function reasonOf(error: unknown): string {
  if (error instanceof DynamoDBError && error.name === "TransactionCanceledException") {
    return (error.CancellationReasons ?? []).map(({ Code }) => Code).join(",");
  }
  return error instanceof Error ? error.name : String(error);
}
