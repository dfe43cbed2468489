/**
 * How a local server's writes are recognised, what it removes of ended processes, and what it
 * makes of a full disk.
 */
import { expect, test } from "vitest";
import { systemClock } from "../../lib/api/system-clock.ts";
import { systemRandom } from "../../lib/api/system-random.ts";
import { connectTo, removeLeftAttempts } from "../../lib/local/connections.ts";
import type { Engine } from "../../lib/local/engine.ts";
import { ATTEMPTS, attemptSlots } from "../../lib/store/items/attempt.ts";
import { DynamoDBError } from "../../lib/store/table/faults.ts";
import { StorageFull } from "../../lib/store/table/refusals.ts";
import { Transaction } from "../../lib/store/table/transaction.ts";
import { useApi } from "../support/frame.ts";
import { makeProvider } from "../support/world.ts";

const engine = {} as Engine;
const api = useApi({ repeats: "attempts" });
const parts = { clock: systemClock, random: systemRandom };

const locationOf = (of: Engine | undefined) => ({
  endpoint: api.endpoint,
  tableName: api.tableName,
  words: "folder data",
  engine: of,
});

const left = async () => (await api.items()).filter(({ pk }) => pk === ATTEMPTS).length;

test("the embedded engine is written with attempts of a new process, another DynamoDB with tokens", () => {
  const [first, second] = [connectTo(locationOf(engine)), connectTo(locationOf(engine))];
  const elsewhere = connectTo(locationOf(undefined));
  expect(elsewhere.attempts).toBeUndefined();
  expect(first.attempts?.items.process).toMatch(/^[0-9a-f-]{36}$/);
  expect(second.attempts?.items.process).not.toBe(first.attempts?.items.process);
  for (const each of [first, second, elsewhere]) each.client.destroy();
});

test("attempts of ended processes are removed from the engine's table, and from no other", async () => {
  await makeProvider(api, { VCPU: 1 });
  expect(await left()).toBe(1);
  const elsewhere = connectTo(locationOf(undefined));
  await removeLeftAttempts(locationOf(undefined), elsewhere, parts);
  expect(await left()).toBe(1);
  const next = { ...elsewhere, attempts: attemptSlots("next") };
  await removeLeftAttempts(locationOf(engine), next, parts);
  expect(await left()).toBe(0);
  elsewhere.client.destroy();
});

test("a full disk is told once, until enough writes have succeeded, and refuses each write at once", async () => {
  const lines: unknown[] = [];
  const failure = (message: string) =>
    new DynamoDBError(message, {
      name: "InternalServerError",
      httpStatusCode: 500,
      requestId: undefined,
      reasons: undefined,
    });
  let error: Error | undefined = failure("commit failed (backend: database or disk is full)");
  let sent = 0;
  const answer = async () => {
    sent += 1;
    if (error !== undefined) throw error;
    return {};
  };
  const stub = { send: answer as typeof api.connection.client.send, destroy: () => undefined };
  const connection = connectTo(locationOf(engine), {
    log: ({ level, message }) => lines.push([level, message]),
    open: (tableName) => ({ tableName, client: stub }),
  });
  const put = () => connection.client.send("PutItem", { TableName: "table", Item: {} });

  await expect(put()).rejects.toThrow(StorageFull);
  error = failure("commit failed (backend: I/O error: disk I/O error)");
  await expect(put()).rejects.toThrow(StorageFull);
  await expect(connection.client.send("GetItem", { TableName: "t", Key: {} })).rejects.toBe(error);
  const cannot = ["WARN", "the engine cannot write to its disk: writes are refused"];
  expect(lines).toEqual([cannot]);

  error = failure("another error");
  await expect(put()).rejects.toBe(error);
  error = undefined;
  for (let count = 0; count < 19; count += 1) await put();
  expect(lines).toHaveLength(1);
  await put();
  expect(lines).toEqual([cannot, ["WARN", "the engine can write to its disk again"]]);

  // A transaction is not sent again: its outcome is known.
  error = failure("database or disk is full");
  sent = 0;
  const deadline = systemClock.now() + 60_000;
  const context = { ...parts, deadline, counts: { retries: 0 } };
  const writes = [{ kind: "delete", key: { pk: "a", sk: "b" }, when: [] }] as const;
  await expect(new Transaction(connection, context, writes).send()).rejects.toThrow(StorageFull);
  expect(sent).toBe(1);
});
