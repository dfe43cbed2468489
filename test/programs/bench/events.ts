/** What events cost a claim on the embedded engine: none, those of the history, and the feed beside them. */
import { randomUUID } from "node:crypto";
import { refuseUnrouted } from "../../../functions/fallback/refuse.ts";
import { operations } from "../../../functions/index.ts";
import { type Configuration, DEFAULT_CONFIGURATION } from "../../../lib/api/configuration.ts";
import { systemClock } from "../../../lib/api/system-clock.ts";
import { systemRandom } from "../../../lib/api/system-random.ts";
import { ROOT } from "../../../lib/local/base-path.ts";
import type { Engine } from "../../../lib/local/engine.ts";
import type { Feeder } from "../../../lib/local/events/feeder.ts";
import { localFeed } from "../../../lib/local/events/local-feed.ts";
import { localRuntime } from "../../../lib/local/runtime.ts";
import { startServer } from "../../../lib/local/server.ts";
import { clientConfig, ensureTable } from "../../../lib/local/table.ts";
import { MemoryLogs } from "../../../lib/store/cache/held-logs.ts";
import { attemptSlots } from "../../../lib/store/items/attempt.ts";
import { connect } from "../../../lib/store/table/wire/client.ts";
import { HttpClient } from "../../support/http-client.ts";
import { processorTimeOf } from "../../support/processor-time.mjs";
import { startCountedEngine } from "./engine.ts";
import { heading, table } from "./report.ts";

const TABLE = "bench";
const CLIENTS = 8;

const WAYS: Readonly<Record<string, Partial<Configuration>>> = {
  "no history": { historyDays: 0 },
  history: { events: false },
  "history and feed": {},
};

interface Way {
  readonly name: string;
  readonly engine: Engine;
  readonly pid: number;
  readonly http: HttpClient;
  readonly host: string;
  close(): Promise<void>;
}

async function startWay(name: string, given: Partial<Configuration>): Promise<Way> {
  const { engine, pid } = await startCountedEngine();
  const config = clientConfig(engine.endpoint, {});
  await ensureTable(config, TABLE);
  const connection = {
    ...connect(TABLE, config, systemClock),
    attempts: attemptSlots(systemRandom.uuid()),
    heldLogs: new MemoryLogs(),
  };
  const configuration = { ...DEFAULT_CONFIGURATION, ...given };
  const { feed, pending, start } = localFeed(configuration, 64, connection);
  const runtime = localRuntime({ connection, configuration, log: () => {}, feed, pending });
  const parts = { operations, fallback: refuseUnrouted, runtime, mount: ROOT };
  const server = await startServer({ ...parts, allowedHosts: [], port: 0 });
  const feeder: Feeder | undefined = pending === undefined ? undefined : start(runtime);
  const http = new HttpClient(server.url);
  const host = randomUUID();
  const way = { name, engine, pid, http, host };
  await send(way, "POST", "/resource_providers", { uuid: host, name: host }, 200);
  const inventories = { VCPU: { total: 1_000_000_000 } };
  const body = { resource_provider_generation: 0, inventories };
  await send(way, "PUT", `/resource_providers/${host}/inventories`, body, 200);
  return {
    ...way,
    close: async () => {
      http.close();
      await server.close();
      await feeder?.stop();
      connection.client.destroy();
      await engine.stop();
    },
  };
}

async function send(
  { http }: Pick<Way, "http">,
  method: string,
  path: string,
  body: unknown,
  status: number,
): Promise<void> {
  const answer = await http.send({
    method,
    path,
    headers: {
      "x-auth-token": "admin",
      "openstack-api-version": "placement 1.39",
      "content-type": "application/json",
    },
    body: JSON.stringify(body),
  });
  if (answer.status !== status) throw new Error(`${path} was answered ${answer.status}`);
}

interface Figures {
  /** Microseconds of a claim. */
  engine: number;
  process: number;
  time: number;
}

async function claims(way: Way, times: number): Promise<Figures> {
  const [engine, own, began] = [processorTimeOf(way.pid), process.cpuUsage(), Date.now()];
  let left = times;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      const allocations = { [way.host]: { resources: { VCPU: 1 } } };
      const owner = { project_id: "p", user_id: "u", consumer_type: "INSTANCE" };
      const body = { allocations, ...owner, consumer_generation: null };
      await send(way, "PUT", `/allocations/${randomUUID()}`, body, 204);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const { user, system } = process.cpuUsage(own);
  return {
    engine: (1_000 * (processorTimeOf(way.pid) - engine)) / times,
    process: (user + system) / times,
    time: (1_000 * (Date.now() - began)) / times,
  };
}

/** In turns, since other programs take the machine's time, too. @param times claims of a round */
export async function benchEvents(rounds: number, times: number): Promise<void> {
  heading("A claim on the embedded engine, in µs: CPU of the engine and of the server, and time");
  const ways: Way[] = [];
  try {
    for (const [name, given] of Object.entries(WAYS)) ways.push(await startWay(name, given));
    const sums = new Map(ways.map((way) => [way, { engine: 0, process: 0, time: 0 }]));
    for (const way of ways) await claims(way, times);
    for (let round = 0; round < rounds; round += 1) {
      for (const [way, sum] of sums) {
        const { engine, process: own, time } = await claims(way, times);
        sum.engine += engine / rounds;
        sum.process += own / rounds;
        sum.time += time / rounds;
      }
    }
    const rows = [...sums].map(([{ name }, sum]) => [name, sum.engine, sum.process, sum.time]);
    table(["events", "engine", "server and clients", "time"], rows);
  } finally {
    for (const way of ways) await way.close();
  }
}
