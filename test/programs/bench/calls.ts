/**
 * What a call of DynamoDB costs its caller: processor time of this process for a transaction of
 * four items, by the functions' connection and by the SDK. The server is another process that
 * answers at once, so that only the client is measured.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { systemClock } from "../../../lib/api/system-clock.ts";
import { systemRandom } from "../../../lib/api/system-random.ts";
import { clientConfig } from "../../../lib/local/table.ts";
import { CALL_LIMIT, call } from "../../../lib/store/table/call.ts";
import type { Connection } from "../../../lib/store/table/connection.ts";
import {
  absent,
  add,
  atLeast,
  toTransactItem,
  type Write,
} from "../../../lib/store/table/expressions.ts";
import { connectBySdk } from "../../../lib/store/table/sdk-client.ts";
import { connect } from "../../../lib/store/table/wire/client.ts";
import { crowd } from "../../support/crowd.ts";
import { median } from "./measure.ts";
import { heading, table, target } from "./report.ts";

const TABLE = "bench";
const CLIENTS = 8;
const ROUNDS = 5;
/** Milliseconds of processor time that a call may take. */
const MOST = 0.8;

const ANSWERING = `
const server = require("node:http").createServer((request, response) => {
  request.on("data", () => {});
  request.on("end", () => response.writeHead(200, { "content-length": 2 }).end("{}"));
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

/** As a claim of a new consumer on one provider. */
function transaction() {
  const [consumer, provider] = [systemRandom.uuid(), systemRandom.uuid()];
  const put = (item: { pk: string; sk: string }): Write => {
    return { kind: "put", item, when: [absent("pk")] };
  };
  const amounts = { [provider]: { "0": 2, "1": 512 } };
  const record = { pk: `CONSUMER#${consumer}`, sk: "CONSUMER", g: 1, o: consumer, a: amounts };
  const writes: Write[] = [
    put({ ...record, ...{ p: "project", u: "user", t: "INSTANCE", c: 1, w: 1 } }),
    {
      kind: "update",
      key: { pk: "SHARD#3", sk: `H#${provider}` },
      changes: [add(["i", "0", "u"], 2), add(["i", "1", "u"], 512), add(["g"], 1), add(["r"], 1)],
      when: [atLeast(["i", "0", "f"], 2), atLeast(["i", "1", "f"], 512)],
    },
    put({ pk: "SHARD#3", sk: `L#${provider}#${consumer}` }),
    put({ pk: "PROJECT#project", sk: `CONSUMER#${consumer}` }),
  ];
  return {
    TransactItems: writes.map((write) => toTransactItem(write, TABLE)),
    ClientRequestToken: systemRandom.uuid(),
  };
}

async function processorTime({ client }: Connection, count: number): Promise<number> {
  const before = process.cpuUsage();
  await crowd({ width: CLIENTS, count }, async () => {
    const input = transaction();
    const time = { clock: systemClock, deadline: systemClock.now() + CALL_LIMIT };
    await call(time, (options) => client.send("TransactWriteItems", input, options));
  });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / count;
}

async function answering(): Promise<{ server: ChildProcess; endpoint: string }> {
  const server = spawn(process.execPath, ["-e", ANSWERING], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = await once(server.stdout, "data");
  return { server, endpoint: `http://127.0.0.1:${Number(port)}` };
}

/** @param count calls of each round */
export async function benchCalls(count: number): Promise<void> {
  heading("A call of DynamoDB: TransactWriteItems of four items, processor time of the caller");
  const { server, endpoint } = await answering();
  const config = clientConfig(endpoint, {});
  const ways = {
    "document client": connectBySdk(TABLE, config),
    "functions' connection": connect(TABLE, config, systemClock),
  };
  const times = new Map<string, number[]>();
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, connection] of Object.entries(ways)) {
      const time = await processorTime(connection, count);
      // The first round warms up.
      if (round > 0) times.set(name, [...(times.get(name) ?? []), time]);
    }
  }
  const base = median(times.get("document client") ?? []);
  const rows = [...times].map(([name, all]) => [name, median(all), median(all) / base]);
  table(["by", "ms for each call", "ratio"], rows);
  const own = median(times.get("functions' connection") ?? []);
  console.log(`\nAt most ${MOST} ms: ${target("a call of DynamoDB, ms", own, MOST)}`);
  for (const { client } of Object.values(ways)) client.destroy();
  server.kill();
}
