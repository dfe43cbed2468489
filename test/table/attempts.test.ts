/** Transactions that are recognised by attempts are applied once, whenever their requests arrive. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { systemClock } from "../../lib/api/system-clock.ts";
import { clientConfig, type LocalAccess } from "../../lib/local/table.ts";
import { ATTEMPTS, attemptKey, attemptSlots } from "../../lib/store/items/attempt.ts";
import { removeOldAttempts } from "../../lib/store/maintenance/old-attempts.ts";
import { SLOTS } from "../../lib/store/table/attempts.ts";
import type { Connection } from "../../lib/store/table/connection.ts";
import {
  absent,
  type Clause,
  count,
  exists,
  remove,
  set,
  type Write,
} from "../../lib/store/table/expressions.ts";
import type { Key } from "../../lib/store/table/item.ts";
import { Busy, UnknownOutcome } from "../../lib/store/table/refusals.ts";
import { connectBySdk } from "../../lib/store/table/sdk-client.ts";
import { Transaction } from "../../lib/store/table/transaction.ts";
import { connect } from "../../lib/store/table/wire/client.ts";
import { chance } from "../support/chance.ts";
import { type FastClock, fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { type Call, type Interposer, interpose } from "../support/interpose.ts";
import { lateCalls } from "../support/late-calls.ts";

const LIMIT = 24_000;
const random = chance("attempts");
// The items here are of no kind that the verifier knows.
const api = useApi({ verified: "never" });

/** A process of its own, whose calls pass `interposer`. */
function processWith(interposer: Interposer): Connection {
  const connected = connect(api.tableName, clientConfig(api.endpoint, {}), systemClock);
  return interpose({ ...connected, attempts: attemptSlots(random.uuid()) }, interposer);
}

const contextOf = (clock: FastClock) => ({
  clock,
  random,
  deadline: clock.now() + LIMIT,
  counts: { retries: 0 },
});

const transactionOf = (connection: Connection, writes: readonly Write[], clock = fastClock()) =>
  new Transaction(connection, contextOf(clock), writes);

const counterOf = (name: string): Key => ({ pk: "COUNTER", sk: name });
const flagOf = (name: string): Key => ({ pk: "FLAG", sk: name });

/** Counts how often it was applied. */
const counting = (name: string): Write => ({
  kind: "update",
  key: counterOf(name),
  changes: [count(["n"], 1)],
  when: [],
});

const checking = (name: string, ...when: Clause[]): Write => ({
  kind: "check",
  key: flagOf(name),
  when,
});

async function countOf(name: string): Promise<number> {
  const get = { TableName: api.tableName, Key: counterOf(name), ConsistentRead: true };
  return (await api.client.send(new GetCommand(get))).Item?.["n"] ?? 0;
}

async function countsOf(): Promise<Map<string, number>> {
  const counters = (await api.items()).filter(({ pk }) => pk === "COUNTER");
  return new Map(counters.map((item) => [item.sk, Number(item["n"])]));
}

const raise = (name: string) =>
  api.client.send(new PutCommand({ TableName: api.tableName, Item: { ...flagOf(name), up: 1 } }));

const lost = () => new Error("lost");

/** Keeps the calls that `holds` chooses: they arrive when the test sends them. */
function holding(holds: (call: Call, before: number) => boolean) {
  const held: Call[] = [];
  const interposer: Interposer = async (call) => {
    if (!holds(call, held.length)) return call.send();
    held.push(call);
    throw lost();
  };
  return { held, connection: processWith(interposer) };
}

test("an answer that is lost is made good: the write is done once", async () => {
  let calls = 0;
  const connection = processWith(async (call) => {
    calls += 1;
    const answer = await call.send().catch((error: unknown) => error);
    if (calls < 3) throw lost();
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const sent = await transactionOf(connection, [counting("lost")]).send();
  expect(sent).toEqual({ kind: "done" });
  expect(calls).toBe(3);
  expect(await countOf("lost")).toBe(1);
});

test("a try that arrives after a later one was applied changes nothing", async () => {
  const { held, connection } = holding((_, before) => before === 0);
  await transactionOf(connection, [counting("late")]).send();
  await expect(held[0]?.send()).rejects.toThrow();
  expect(await countOf("late")).toBe(1);
});

test("tries of an unknown outcome are applied once at most, and not once their slot was used", async () => {
  let silent = true;
  const { held, connection } = holding(() => silent);
  const send = (name: string) => transactionOf(connection, [counting(name)]).send();
  await expect(send("unknown")).rejects.toThrow(UnknownOutcome);
  const first = held.splice(0);
  await expect(send("overtaken")).rejects.toThrow(UnknownOutcome);
  const second = held.splice(0);
  expect(Math.min(first.length, second.length)).toBeGreaterThan(3);
  const arrived = await Promise.allSettled(first.map((call) => call.send()));
  expect(arrived.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await countOf("unknown")).toBe(1);
  silent = false;
  expect(await send("next")).toEqual({ kind: "done" });
  const overtaken = await Promise.allSettled(second.map((call) => call.send()));
  expect(overtaken.every(({ status }) => status === "rejected")).toBe(true);
  expect(await countOf("overtaken")).toBe(0);
  expect(await countOf("next")).toBe(1);
});

test("a refusal after a lost answer is final: a try that arrives later is not applied", async () => {
  const { held, connection } = holding((_, before) => before === 0);
  const transaction = transactionOf(connection, [
    counting("refused"),
    checking("refused", exists("up")),
  ]);
  expect(await transaction.send()).toEqual({
    kind: "failed",
    failures: [{ index: 1, old: undefined }],
  });
  expect(transaction.uncertain).toBe(false);
  await raise("refused");
  await expect(held[0]?.send()).rejects.toThrow();
  expect(await countOf("refused")).toBe(0);
  // The same transaction sent again is a new attempt.
  expect(await transaction.send()).toEqual({ kind: "done" });
  expect(await countOf("refused")).toBe(1);
});

test("a try that is applied between a refusal and its end is found", async () => {
  let first: Call | undefined;
  let answers = 0;
  const connection = processWith(async (call) => {
    if (first === undefined) {
      first = call;
      throw lost();
    }
    // The end: it stands alone. Its own answer is lost as well.
    if (call.keys.length > 1) return call.send();
    if (answers === 0) {
      await raise("between");
      await first.send();
    }
    answers += 1;
    const answer = call.send();
    if (answers > 1) return answer;
    await answer.catch(() => undefined);
    throw lost();
  });
  const writes = [counting("between"), checking("between", exists("up"))];
  expect(await transactionOf(connection, writes).send()).toEqual({ kind: "done" });
  expect(answers).toBe(2);
  expect(await countOf("between")).toBe(1);
});

test("an end whose answer is lost is repeated, and the refusal told", async () => {
  let ends = 0;
  let tries = 0;
  const connection = processWith(async (call) => {
    if (call.keys.length > 1) {
      tries += 1;
      if (tries === 1) throw lost();
      return call.send();
    }
    ends += 1;
    const answer = call.send();
    if (ends > 1) return answer;
    await answer;
    throw lost();
  });
  const writes = [counting("ended"), checking("ended", exists("up"))];
  expect((await transactionOf(connection, writes).send()).kind).toBe("failed");
  expect(ends).toBe(2);
});

test("the attempt decides, whatever the reasons of other writes are", async () => {
  const connection = processWith(async (call) => {
    const answer = await call.send().catch((error: unknown) => error);
    if (!(answer instanceof Error)) throw lost();
    const { CancellationReasons } = answer as { CancellationReasons?: { Code: string }[] };
    if (CancellationReasons?.[1] !== undefined) {
      CancellationReasons[1].Code = "TransactionConflict";
    }
    throw answer;
  });
  const sent = await transactionOf(connection, [counting("decides")]).send();
  expect(sent).toEqual({ kind: "done" });
});

test("a transaction waits for a slot, and is told busy if none becomes free in time", async () => {
  const running: (() => void)[] = [];
  const connection = processWith(async (call) => {
    await new Promise<void>((resolve) => running.push(resolve));
    return call.send();
  });
  const send = (n: number, clock = fastClock()) =>
    transactionOf(connection, [counting(`slot ${n}`)], clock).send();
  const sent = Array.from({ length: SLOTS }, (_, n) => send(n));
  await expect.poll(() => running.length).toBe(SLOTS);
  const next = send(SLOTS);
  const clock = fastClock();
  const late = send(SLOTS + 1, clock);
  clock.ring();
  await expect(late).rejects.toThrow(Busy);
  expect(running).toHaveLength(SLOTS);
  running[0]?.();
  await expect.poll(() => running.length).toBe(SLOTS + 1);
  for (const go of running) go();
  expect(await Promise.all([...sent, next])).toEqual(
    Array.from({ length: SLOTS + 1 }, () => ({ kind: "done" })),
  );
  expect(await countOf(`slot ${SLOTS + 1}`)).toBe(0);
});

test("99 writes fit a transaction", async () => {
  const connection = processWith((call) => call.send());
  const writes = (length: number) => Array.from({ length }, (_, n) => counting(`many ${n}`));
  expect(await transactionOf(connection, writes(99)).send()).toEqual({ kind: "done" });
  expect(() => transactionOf(connection, writes(100))).toThrow("too many");
});

test.each([
  ["the functions' connection", (access: LocalAccess) => connect("table", access, systemClock)],
  ["the SDK", (access: LocalAccess) => connectBySdk("table", access)],
])("no token is sent by %s beside an attempt", async (_, open) => {
  const bodies: Record<string, unknown>[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(JSON.parse(await text(request)));
    response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const connection = open(clientConfig(`http://127.0.0.1:${port}`, {}));
  const made = { ...connection, attempts: attemptSlots(random.uuid()) };
  await transactionOf(made, [counting("token")]).send();
  await transactionOf(connection, [counting("token")]).send();
  const [attempted, tokened] = bodies;
  expect(attempted).not.toHaveProperty("ClientRequestToken");
  expect(attempted?.["TransactItems"]).toHaveLength(2);
  expect(tokened).toHaveProperty("ClientRequestToken");
  expect(tokened?.["TransactItems"]).toHaveLength(1);
  connection.client.destroy();
  server.closeAllConnections();
  server.close();
});

test("attempts of other processes are removed, one's own stay", async () => {
  const context = contextOf(fastClock());
  const connection = processWith((call) => call.send());
  const own = connection.attempts?.items.process ?? "";
  await transactionOf(connection, [counting("own")]).send();
  const before = (await api.items()).filter(({ pk }) => pk === ATTEMPTS);
  expect(before.length).toBeGreaterThan(1);
  expect(await removeOldAttempts(connection, context)).toBe(before.length - 1);
  const left = (await api.items()).filter(({ pk }) => pk === ATTEMPTS);
  expect(left).toEqual([{ ...attemptKey(own, 0), n: expect.any(Number) }]);
});

test("what waits for a beginning has no slot", async () => {
  const slots = attemptSlots(random.uuid());
  const context = contextOf(fastClock());
  slots.notes.beginnings.add(["subject"]);
  const noteOf = (ends: readonly string[]) => {
    const note = slots.notes.reserve({ attributes: {}, begins: [], ends });
    return note ?? expect.unreachable();
  };
  const ends = Array.from({ length: SLOTS }, () => slots.take(context, noteOf(["subject"])));
  const other = await slots.take(context, noteOf([]));
  other.end(true);
  slots.notes.beginnings.remove(["subject"]);
  for (const attempt of await Promise.all(ends)) attempt.end(false);
  expect(slots.notes.beginnings.has(["subject"])).toBe(false);
});

test("numbers follow those of ended processes, though the clock was set back", async () => {
  const ended = processWith((call) => call.send());
  await transactionOf(ended, [counting("ended")], fastClock(Date.now() + 3_600_000)).send();
  const last = ended.attempts?.numbers.last ?? 0;
  const next = processWith((call) => call.send());
  await removeOldAttempts(next, contextOf(fastClock()));
  await transactionOf(next, [counting("next")]).send();
  expect(next.attempts?.numbers.last).toBeGreaterThan(last);
  expect((next.attempts?.numbers.last ?? 0) % 2).toBe(0);
});

test("whatever is lost or late: done is once, refused is never", async () => {
  const late = lateCalls(random, 3);
  const outcomes = new Map<string, string>();
  const writers = Array.from({ length: 4 }, async (_, writer) => {
    const connection = processWith(late.interposer);
    for (let n = 0; n < 20; n += 1) {
      const name = `${writer} ${n}`;
      const flag = flagOf(`shared ${random.below(3)}`);
      const isUp = random.below(2) === 0;
      const toggling: Write = {
        kind: "update",
        key: flag,
        changes: [isUp ? remove(["up"]) : set(["up"], 1)],
        when: [isUp ? exists("up") : absent("up")],
      };
      // A short time, so that some outcomes stay unknown.
      const clock = fastClock();
      const context = { ...contextOf(clock), deadline: clock.now() + 40 };
      const transaction = new Transaction(connection, context, [counting(name), toggling]);
      const outcome = await transaction.send().then(
        ({ kind }) => kind,
        (error: unknown) => (error instanceof UnknownOutcome ? "unknown" : "busy"),
      );
      outcomes.set(name, outcome);
    }
  });
  await Promise.all(writers);
  while (late.count > 0) await late.deliver();
  const applied: Record<string, Set<number>> = {};
  const counts = await countsOf();
  for (const [name, outcome] of outcomes) {
    applied[outcome] ??= new Set();
    applied[outcome].add(counts.get(name) ?? 0);
  }
  expect([...(applied["done"] ?? [])]).toEqual([1]);
  expect([...(applied["failed"] ?? [])]).toEqual([0]);
  expect([...(applied["unknown"] ?? [])].every((times) => times <= 1)).toBe(true);
}, 120_000);
