/**
 * A shard log against its promise: for any interleaving of writers, with calls that are
 * delayed, lost or repeated, a reader finds every change that was acknowledged before it read.
 */

import { setImmediate } from "node:timers/promises";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { beforeAll, expect, test } from "vitest";
import { systemClock } from "../../lib/api/system-clock.ts";
import { clientConfig } from "../../lib/local/table.ts";
import { storedUuid, type Uuid } from "../../lib/model/uuid.ts";
import { Appender } from "../../lib/store/cache/appender.ts";
import { MemoryLogs } from "../../lib/store/cache/held-logs.ts";
import { planShard } from "../../lib/store/cache/snapshot/plan.ts";
import type { ShardView } from "../../lib/store/cache/snapshot/view.ts";
import { hotKey } from "../../lib/store/items/hot.ts";
import { shardOf } from "../../lib/store/items/shard.ts";
import { LOGS, type Log, logKey, logOf } from "../../lib/store/items/shard-log.ts";
import { FORMAT } from "../../lib/store/items/table-format.ts";
import type { Connection } from "../../lib/store/table/connection.ts";
import { connect } from "../../lib/store/table/wire/client.ts";
import { type Chance, chance } from "../support/chance.ts";
import { useApi } from "../support/frame.ts";
import { type Call, interpose } from "../support/interpose.ts";

const SHARD = 3;
const PROVIDERS = 60;
const [WRITERS, READERS, RAISES, READINGS] = [6, 3, 40, 60] as const;
const api = useApi();
let random: Chance;
let providers: readonly Uuid[];

beforeAll(async () => {
  random = chance("logs");
  const found: Uuid[] = [];
  while (found.length < PROVIDERS) {
    const uuid = random.uuid();
    if (shardOf(uuid) === SHARD) found.push(uuid);
  }
  providers = found;
});

/** How often each provider was changed, and how often that was acknowledged. */
const made = new Map<Uuid, number>();
const acknowledged = new Map<Uuid, number>();
/** The highest stamp that a provider is known to have been given. */
const stamped = new Map<Uuid, number>();

async function dawdle(): Promise<void> {
  for (let turns = random.below(12); turns > 0; turns -= 1) await setImmediate();
}

/** Updates that come late, twice, or whose answers are lost. */
async function disturbed(call: Call): Promise<unknown> {
  await dawdle();
  if (random.below(12) === 0) await call.send().catch(() => undefined);
  const answer = await call.send();
  await dawdle();
  if (random.below(10) === 0) throw new Error("lost");
  return answer;
}

async function write(connection: Connection): Promise<void> {
  const count = random.below(10) === 0 ? 17 + random.below(5) : 1 + random.below(3);
  const changed = [...new Set(Array.from({ length: count }, () => random.pick(providers)))];
  for (const uuid of changed) made.set(uuid, (made.get(uuid) ?? 0) + 1);
  const now = new Map(changed.map((uuid) => [uuid, made.get(uuid) ?? 0]));
  await dawdle();
  const context = {
    clock: systemClock,
    random,
    deadline: systemClock.now() + 60_000,
    counts: { retries: 0 },
  };
  const appender = new Appender({ connection, context, log: () => {} });
  expect(await appender.append(changed.map(hotKey), FORMAT, context.deadline)).toBe(true);
  for (const [uuid, at] of now) {
    acknowledged.set(uuid, Math.max(at, acknowledged.get(uuid) ?? 0));
  }
}

async function readLog({ heldLogs }: Connection): Promise<Log> {
  const key = logKey(SHARD % LOGS);
  const stored = { TableName: api.tableName, Key: key, ConsistentRead: true };
  const item =
    heldLogs === undefined
      ? ((await api.client.send(new GetCommand(stored))).Item as never)
      : heldLogs.items[SHARD % LOGS];
  const log = logOf(item);
  if (log === undefined) throw new Error("there is no log");
  return log;
}

let base = 0;

/** What is known of the stamps when `log` is asked for is in it, or below its base. */
async function checkedLog(connection: Connection): Promise<Log> {
  const known = [...stamped];
  const least = base;
  const log = await readLog(connection);
  expect(log.base).toBeGreaterThanOrEqual(least);
  base = Math.max(base, log.base);
  for (const [uuid, stamp] of known) {
    if (stamp > log.base) expect(log.stamps.get(uuid) ?? -1).toBeGreaterThanOrEqual(stamp);
  }
  for (const [uuid, stamp] of log.stamps) {
    expect(stamp).toBeLessThanOrEqual(log.counter);
    stamped.set(uuid, Math.max(stamp, stamped.get(uuid) ?? 0));
  }
  return log;
}

class Reader {
  #view: ShardView | undefined;
  readonly #seen = new Map<Uuid, number>();
  readonly kinds = new Map<string, number>();

  async read(connection: Connection): Promise<void> {
    const promised = new Map(acknowledged);
    const { counter: version, base: from, stamps } = await checkedLog(connection);
    const plan = planShard(this.#view, { version, base: from, stamps }, { now: 0, maxAge: 1 });
    this.kinds.set(plan.kind, (this.kinds.get(plan.kind) ?? 0) + 1);
    await dawdle();
    for (const uuid of plan.kind === "named" ? plan.providers : providers) {
      this.#seen.set(uuid, made.get(uuid) ?? 0);
    }
    const all = new Map(providers.map((uuid) => [uuid, undefined as never]));
    // Many providers, so that naming some is always cheaper than reading all.
    for (let n = 0; n < 1_000; n += 1) all.set(storedUuid(`${n}`), undefined as never);
    this.#view = { version, fullAt: 0, pending: new Set(), providers: all };
    for (const [uuid, least] of promised) {
      expect(this.#seen.get(uuid) ?? 0, uuid).toBeGreaterThanOrEqual(least);
    }
  }
}

const connected = () => connect(api.tableName, clientConfig(api.endpoint, {}), systemClock);

test.each([
  ["in the table", {}],
  ["in memory", { heldLogs: new MemoryLogs() }],
] as const)(
  "no acknowledged change is missed, in any interleaving of writers of one log %s",
  async (_, logs) => {
    for (const known of [made, acknowledged, stamped]) known.clear();
    base = 0;
    const connection = interpose({ ...connected(), ...logs }, disturbed);
    const readers = Array.from({ length: READERS }, () => new Reader());
    let writing = WRITERS;
    await Promise.all([
      ...Array.from({ length: WRITERS }, async () => {
        for (let count = 0; count < RAISES; count += 1) await write(connection);
        writing -= 1;
      }),
      ...readers.map(async (reader) => {
        for (let count = 0; count < READINGS || writing > 0; count += 1) {
          await reader.read(connection);
          await dawdle();
        }
      }),
    ]);
    for (const reader of readers) await reader.read(connection);
    // All ways of reading were gone, and the log was cut short meanwhile.
    const kinds = readers.flatMap((reader) => [...reader.kinds.keys()]);
    expect(new Set(kinds)).toEqual(new Set(["anew", "full", "named"]));
    expect(base).toBeGreaterThan(1);
    expect((await readLog(connection)).stamps.size).toBeLessThan(PROVIDERS);
  },
);
