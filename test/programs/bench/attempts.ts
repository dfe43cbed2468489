/** What it costs the engine to recognise transactions: by tokens, by attempts, or not at all. */
import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import { systemClock } from "../../../lib/api/system-clock.ts";
import { systemRandom } from "../../../lib/api/system-random.ts";
import type { Engine } from "../../../lib/local/engine.ts";
import { clientConfig, ensureTable } from "../../../lib/local/table.ts";
import { attemptSlots } from "../../../lib/store/items/attempt.ts";
import type { Connection } from "../../../lib/store/table/connection.ts";
import {
  absent,
  add,
  atLeast,
  count,
  set,
  type Write,
} from "../../../lib/store/table/expressions.ts";
import { Transaction } from "../../../lib/store/table/transaction.ts";
import { connect } from "../../../lib/store/table/wire/client.ts";
import { processorTimeOf } from "../../support/processor-time.mjs";
import { startCountedEngine } from "./engine.ts";
import { heading, table } from "./report.ts";

const TABLE = "bench";
const CLIENTS = 4;

/** The writes of a claim of a new consumer on one provider. */
function claimWrites(n: number): Write[] {
  const provider = n % 1_000;
  const hot = { pk: `SHARD#${provider % 32}`, sk: `H#${provider}` };
  return [
    { kind: "put", item: { pk: `CONSUMER#${n}`, sk: "CONSUMER", g: 1 }, when: [absent("pk")] },
    {
      kind: "update",
      key: hot,
      changes: [add(["f"], -1), add(["u"], 1)],
      when: [atLeast(["f"], 1)],
    },
    { kind: "put", item: { pk: `ALLOCATIONS#${provider}`, sk: `CONSUMER#${n}`, g: 1 }, when: [] },
    {
      kind: "update",
      key: { pk: "PROJECT#p", sk: String(n) },
      changes: [count(["n"], 1)],
      when: [],
    },
  ];
}

/** An engine, its process, and a way to recognise transactions. */
interface Way {
  readonly name: string;
  readonly engine: Engine;
  readonly pid: number;
  readonly connection: Connection;
  done: number;
}

async function startWay(name: string, attempts: boolean): Promise<Way> {
  const { engine, pid } = await startCountedEngine();
  const config = clientConfig(engine.endpoint, {});
  await ensureTable(config, TABLE);
  const connected = connect(TABLE, config, systemClock);
  const slots = attemptSlots(systemRandom.uuid());
  const connection = attempts ? { ...connected, attempts: slots } : connected;
  return { name, engine, pid, connection, done: 0 };
}

async function inTurns(times: number, act: () => Promise<void>): Promise<void> {
  let left = times;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      await act();
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

const contextOf = () => ({
  clock: systemClock,
  random: systemRandom,
  deadline: systemClock.now() + 60_000,
  counts: { retries: 0 },
});

async function stock({ connection }: Way): Promise<void> {
  for (let first = 0; first < 1_000; first += 50) {
    const writes = Array.from({ length: 50 }, (_, n): Write => {
      const key = { pk: `SHARD#${(first + n) % 32}`, sk: `H#${first + n}` };
      return { kind: "update", key, changes: [set(["f"], 1_000_000), set(["u"], 0)], when: [] };
    });
    await new Transaction(connection, contextOf(), writes).send();
  }
}

/** Claims through the store's own class; milliseconds of the engine's CPU for each. */
async function claims(way: Way, times: number): Promise<number> {
  const before = processorTimeOf(way.pid);
  await inTurns(times, async () => {
    way.done += 1;
    const sent = await new Transaction(way.connection, contextOf(), claimWrites(way.done)).send();
    if (sent.kind !== "done") throw new Error("a claim of the benchmark was refused");
  });
  return (processorTimeOf(way.pid) - before) / times;
}

/** Small transactions, sent by hand since only their number matters, until there were `total`. */
async function fill(way: Way, total: number): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  await inTurns(Math.max(0, total - way.done), async () => {
    way.done += 1;
    const Item = { pk: { S: "FILL" }, sk: { S: "FILL" } };
    const token = way.connection.attempts === undefined ? systemRandom.uuid() : undefined;
    const TransactItems = [{ Put: { TableName: TABLE, Item } }];
    await post(
      agent,
      way.engine.endpoint,
      JSON.stringify({ TransactItems, ClientRequestToken: token }),
    );
  });
  agent.destroy();
}

function post(agent: Agent, endpoint: string, body: string): Promise<void> {
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    "content-length": Buffer.byteLength(body),
    "x-amz-target": "DynamoDB_20120810.TransactWriteItems",
    "x-amz-date": "20260101T000000Z",
    authorization:
      "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
  };
  return new Promise((resolve, reject) => {
    const sent = request(endpoint, { agent, method: "POST", headers }, (response) => {
      text(response).then((answer) => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(answer));
      }, reject);
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

/** @param sizes transactions before each measurement, ascending; @param times claims of each */
export async function benchAttempts(sizes: readonly number[], times: number): Promise<void> {
  heading("CPU of the engine for a claim, in ms, after so many transactions");
  const ways = [await startWay("tokens", false), await startWay("attempts", true)];
  try {
    for (const way of ways) await stock(way);
    const figures = new Map(ways.map((way) => [way.name, [] as number[]]));
    for (const size of sizes) {
      for (const way of ways) {
        await fill(way, size);
        figures.get(way.name)?.push(await claims(way, times));
      }
    }
    const [base = []] = figures.values();
    const rows = [...figures].map(([name, each]) => [
      name,
      ...each.flatMap((ms, n) => [ms, ms / (base[n] ?? Number.NaN)]),
    ]);
    const columns = sizes.flatMap((size) => [size.toLocaleString("en"), "ratio"]);
    table(["recognised by", ...columns], rows);
  } finally {
    for (const { engine, connection } of ways) {
      connection.client.destroy();
      await engine.stop();
    }
  }
}
