/** One round: its own table, and all events drawn from one seed. */
import { createHash } from "node:crypto";
import { DeleteTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { clientConfig, ensureTable } from "../../../lib/local/table.ts";
import type { Item, Key } from "../../../lib/store/table/item.ts";
import { connectBySdk } from "../../../lib/store/table/sdk-client.ts";
import { type Chance, seeded } from "../../support/chance.ts";
import type { Repeats } from "../../support/repeats.ts";
import { checkAnswer } from "./check-answers.ts";
import { brokenTable } from "./check-table.ts";
import { type Attempt, History, wordsOf } from "./history.ts";
import { kept } from "./leases.ts";
import { GROVE, groveSteps } from "./makers/groves.ts";
import type { Cast } from "./makers/scene.ts";
import type { Operation } from "./operation.ts";
import * as tasks from "./operations/tasks.ts";
import { Scheduler } from "./scheduler.ts";
import { LOST, SimulatedServer } from "./server.ts";
import { SimulatedTable } from "./table.ts";
import { type Weather, weatherOf } from "./weather.ts";
import { firstSteps, Workload } from "./workload.ts";

export interface RoundReport {
  readonly seed: number;
  readonly violations: readonly string[];
  /** A digest of all events, to compare two rounds of one seed. */
  readonly fingerprint: string;
  readonly summary: string;
  /** Every attempt, in words. */
  readonly log: readonly string[];
}

const CROWD = 36;
const CALM_DOWN = 120_000;
/** Milliseconds between two sweeps of leases, and how many are made at the end: longer than the grace. */
const SWEEP_EVERY = 60_000;
const LAST_SWEEPS = 8;
const CALM = { throttled: 0, conflicting: 0, lost: 0, slow: 0, torn: 0, dying: 0, pausing: 0 };

/** @param repeats how writes are recognised when they are sent again. Default: as the seed decides */
export async function runRound(
  endpoint: string,
  seed: number,
  repeats?: Repeats,
): Promise<RoundReport> {
  const config = clientConfig(endpoint, {});
  const tableName = `simulation-${process.pid}-${seed}-${Math.random().toString(36).slice(2)}`;
  await ensureTable(config, tableName);
  const random = seeded(seed);
  const scheduler = new Scheduler();
  const weather = weatherOf(random);
  // Drawn apart, so that a seed draws all else alike either way.
  const drawn = seeded(~seed).below(2) === 1;
  const attempts = repeats === undefined ? drawn : repeats === "attempts";
  const table = new SimulatedTable(scheduler, random, { tableName, config, weather, attempts });
  const round = new Round({ random, scheduler, table, weather });
  try {
    await round.run();
    const items = await scan(config, tableName);
    return round.report(seed, items);
  } finally {
    table.destroy();
    const admin = new DynamoDBClient(config);
    await admin.send(new DeleteTableCommand({ TableName: tableName }));
    admin.destroy();
  }
}

interface Parts {
  readonly random: Chance;
  readonly scheduler: Scheduler;
  readonly table: SimulatedTable;
  readonly weather: Weather;
}

class Round {
  readonly #parts: Parts;
  readonly #history: History;
  readonly #cast: Cast;
  readonly #workload: Workload;
  readonly #servers: SimulatedServer[] = [];
  readonly #concurrency: number;
  readonly #clients: number;
  #left: number;
  #deaths = 0;

  constructor(parts: Parts) {
    const { random, table, scheduler } = parts;
    this.#parts = parts;
    this.#history = new History(() => scheduler.now);
    const many = (count: number) => Array.from({ length: count }, () => random.uuid());
    this.#cast = {
      providers: many(2 + random.below(7)),
      consumers: many(2 + random.below(12)),
      crowd: many(CROWD),
      aggregates: many(3),
      grove: many(random.below(3) === 0 ? GROVE : 0),
    };
    this.#workload = new Workload(random);
    this.#concurrency = random.pick([1, 1, 4, 16]);
    this.#clients = 2 + random.below(10);
    this.#left = 120 + random.below(180);
    table.onCommit = (commit) => this.#history.commit(commit);
  }

  async run(): Promise<void> {
    const { table, weather, scheduler } = this.#parts;
    table.weather = { ...weather, ...CALM, outageEvery: 0 };
    const scene = this.#scene();
    const first = [...firstSteps(scene), ...groveSteps(scene), tasks.releaseLeases()];
    await this.#all([this.#inTurn("setup", first)]);
    table.weather = weather;
    const clients = Array.from({ length: this.#clients }, (_, index) => this.#client(`c${index}`));
    await this.#all([...clients, this.#feeder()]);
    table.weather = { ...weather, ...CALM, outageEvery: 0 };
    await this.#all([scheduler.sleep(CALM_DOWN)]);
    for (let sweep = 0; sweep < LAST_SWEEPS; sweep += 1) {
      await this.#all([scheduler.sleep(SWEEP_EVERY)]);
      await this.#all([this.#inTurn("the end", [tasks.releaseLeases()])]);
    }
    await this.#all([
      this.#inTurn("the end", [tasks.sweep(), tasks.sweep(), tasks.verify(false), tasks.rebuild()]),
    ]);
    await this.#all([this.#inTurn("the end", [tasks.feed()])]);
  }

  report(seed: number, items: readonly Item[]): RoundReport {
    const history = this.#history;
    for (const attempt of history.attempts) checkAnswer(history, attempt);
    const log = history.attempts.map(wordsOf);
    const { table, weather, scheduler } = this.#parts;
    const done = history.attempts.filter(({ answer }) => answer !== undefined);
    const succeeded = done.filter(({ answer }) => (answer?.status ?? 500) < 300);
    return {
      seed,
      violations: [
        ...history.violations,
        ...brokenTable(items, history.world),
        ...kept(history.world, scheduler.now),
      ],
      fingerprint: createHash("sha256").update(log.join("\n")).digest("hex").slice(0, 12),
      summary: `${weather.name}, ${table.attempts ? "attempts" : "tokens"}: ${history.attempts.length} requests of ${this.#clients} clients, ${succeeded.length} done, ${done.length - succeeded.length} refused, ${history.attempts.length - done.length} lost; ${table.calls} calls, ${history.worlds.length - 1} commits, ${history.large.length} of large changes, ${this.#deaths} deaths, ${Math.round(scheduler.now / 1_000)} s`,
      log,
    };
  }

  async #all(work: readonly Promise<unknown>[]): Promise<void> {
    let ended = false;
    let failure: unknown;
    Promise.all(work).then(
      () => {
        ended = true;
      },
      (error) => {
        ended = true;
        failure = error;
      },
    );
    await this.#parts.scheduler.run(() => ended);
    if (failure !== undefined) throw failure;
  }

  #scene() {
    const { random } = this.#parts;
    // A client knows the world as it was a while ago.
    const { worlds } = this.#history;
    const age = random.below(3) === 0 ? random.below(6) : 0;
    const world = worlds[Math.max(0, worlds.length - 1 - age)] ?? this.#history.world;
    return { random, cast: this.#cast, world };
  }

  async #client(name: string): Promise<void> {
    const { random, scheduler } = this.#parts;
    while (this.#left > 0) {
      this.#left -= 1;
      await scheduler.sleep(random.below(60));
      let operation: Operation | undefined = this.#workload.next(this.#scene());
      while (operation !== undefined) {
        const attempt = await this.#ask(name, operation);
        operation =
          operation.kind === "task" ? undefined : operation.next?.(attempt, this.#scene());
        if (operation !== undefined) {
          await scheduler.sleep(random.below(random.pick([20, 60, 60, 10_000])));
        }
      }
      if (random.below(40) === 0) await scheduler.sleep(random.below(40_000));
    }
  }

  /** Brings events into the feed, now and then; the server that does it may die of it. */
  async #feeder(): Promise<void> {
    const { scheduler, random } = this.#parts;
    while (this.#left > 0) {
      await scheduler.sleep(random.below(5_000));
      await this.#ask("feeder", tasks.feed());
    }
  }

  async #inTurn(name: string, operations: readonly Operation[]): Promise<void> {
    for (const operation of operations) await this.#ask(name, operation);
  }

  async #ask(client: string, operation: Operation): Promise<Attempt> {
    const attempt = this.#history.begin(client, operation, this.#parts.table.seen);
    const server = this.#server();
    attempt.server = this.#servers.indexOf(server) + 1;
    attempt.skew = server.skew;
    const answer = await server.send(operation, attempt);
    this.#history.end(attempt, answer === LOST ? undefined : answer);
    return attempt;
  }

  /** One that has room; a new one otherwise, as Lambda starts another instance of a function. */
  #server(): SimulatedServer {
    const { random } = this.#parts;
    const usable = this.#servers.filter(
      ({ alive, busy, pausedUntil }) =>
        alive && busy < this.#concurrency && pausedUntil <= this.#parts.scheduler.now,
    );
    this.#deaths = this.#servers.filter(({ alive }) => !alive).length;
    if (usable.length > 0 && random.below(20) > 0) return random.pick(usable);
    const { scheduler, table } = this.#parts;
    const skew = random.pick([0, 0, random.below(20_000) - 10_000]);
    const server = new SimulatedServer({
      scheduler,
      table,
      random,
      skew,
      name: `server-${this.#servers.length}`,
      onUnlisted: (cause) => {
        (cause as Attempt).unlisted = true;
      },
      onError: (entry) => this.#history.violate(undefined, `logged: ${JSON.stringify(entry)}`),
    });
    this.#servers.push(server);
    return server;
  }
}

async function scan(config: Parameters<typeof ensureTable>[0], tableName: string): Promise<Item[]> {
  const { client } = connectBySdk(tableName, config);
  const items: Item[] = [];
  let start: Key | undefined;
  do {
    const input = { TableName: tableName, ConsistentRead: true, ExclusiveStartKey: start };
    const answer = await client.send("Scan", input);
    items.push(...((answer.Items ?? []) as Item[]));
    start = answer.LastEvaluatedKey as Key | undefined;
  } while (start !== undefined);
  client.destroy();
  return items;
}
