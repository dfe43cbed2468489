/** Appends to shard logs: the form that is used beside two others, with many writers at once. */
import { systemClock } from "../../../lib/api/system-clock.ts";
import { systemRandom } from "../../../lib/api/system-random.ts";
import { type Uuid, uuidToBytes } from "../../../lib/model/uuid.ts";
import { appendToShardLogs } from "../../../lib/store/cache/shard-log.ts";
import { hotKey } from "../../../lib/store/items/hot.ts";
import { shardOf } from "../../../lib/store/items/shard.ts";
import type { Client, Connection } from "../../../lib/store/table/connection.ts";
import { fleetUuid } from "../../support/fleet.ts";
import { withTable } from "./engine.ts";
import { heading, table } from "./report.ts";

/** Names that a list holds, and that it keeps when it is cut. */
const LENGTH = 48;
const KEPT = 24;
/** A list is cut by its writers from this length on. */
const LOOSE = 40;
const ATTEMPTS = 200;

type Raise = (provider: Uuid) => Promise<void>;

/** Counts the calls that are sent through it. */
function counting({ client, tableName }: Connection) {
  const counted = { calls: 0 };
  const send: Client["send"] = (...args) => {
    counted.calls += 1;
    return client.send(...args);
  };
  return { counted, connection: { tableName, client: { send, destroy: () => {} } } };
}

const FORMS: Readonly<Record<string, (connection: Connection) => Raise>> = {
  "a map, no refusals": (connection) => async (provider) => {
    const context = {
      clock: systemClock,
      random: systemRandom,
      deadline: Date.now() + 60_000,
      counts: { retries: 0 },
    };
    await appendToShardLogs({ connection, context, log: () => {} }, [hotKey(provider)]);
  },
  "a list, cut by its writers": looseList,
  "a list, rewritten when full": strictList,
};

const keyOf = (form: string, provider: Uuid) => ({ pk: form, sk: String(shardOf(provider)) });

/** Appends without a condition; a writer that reads a long list removes its older half, highest index first. */
function looseList({ client, tableName: TableName }: Connection): Raise {
  return async (provider) => {
    const Key = keyOf("LOOSE", provider);
    const ExpressionAttributeValues = { ":l": [uuidToBytes(provider)], ":e": [], ":o": 0 };
    const append = "SET l = list_append(if_not_exists(l, :e), :l), b = if_not_exists(b, :o)";
    const { Attributes } = await client.send("UpdateItem", {
      ...{ TableName, Key, ExpressionAttributeValues },
      UpdateExpression: append,
      ReturnValues: "ALL_NEW",
    });
    if (Attributes?.["l"].length <= LOOSE) return;
    const oldest = Array.from({ length: KEPT }, (_, n) => `l[${KEPT - 1 - n}]`).join(", ");
    const cut = {
      ...{ TableName, Key },
      UpdateExpression: `REMOVE ${oldest} SET b = b + :k`,
      ConditionExpression: "size(l) > :m",
      ExpressionAttributeValues: { ":k": KEPT, ":m": LOOSE },
    };
    await client.send("UpdateItem", cut).catch(() => undefined);
  };
}

/** Appends while there is room; otherwise rewrites the list, unless it has changed since it was read. */
function strictList({ client, tableName: TableName }: Connection): Raise {
  return async (provider) => {
    const Key = keyOf("STRICT", provider);
    const added = [uuidToBytes(provider)];
    let old: { v: number; l: unknown[] } | undefined;
    let read = false;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const rewrite = {
        ...{ TableName, Key },
        UpdateExpression: "SET v = :n, l = :l",
        ConditionExpression: old === undefined ? "attribute_not_exists(pk)" : "v = :v",
        ExpressionAttributeValues: {
          ":n": (old?.v ?? 0) + 1,
          ":l": [...(old?.l.slice(-KEPT) ?? []), ...added],
          ...(old === undefined ? {} : { ":v": old.v }),
        },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
      };
      const append = {
        ...{ TableName, Key },
        UpdateExpression: "SET v = v + :o, l = list_append(l, :l)",
        ConditionExpression: "size(l) < :m",
        ExpressionAttributeValues: { ":o": 1, ":l": added, ":m": LENGTH },
      };
      try {
        await client.send("UpdateItem", read ? rewrite : append);
        return;
      } catch {
        const { Item } = await client.send("GetItem", { TableName, Key, ConsistentRead: true });
        old = Item as typeof old;
        read = !read;
        await systemClock.sleep(systemRandom.fraction() * Math.min(1_000, 15 * 2 ** attempt));
      }
    }
    throw new Error("the list was never free");
  };
}

export async function benchShardLogs(count: number): Promise<void> {
  heading(`Appends to shard logs, ${count.toLocaleString("en")} times`);
  await withTable(async ({ connection: real }) => {
    const rows = [];
    for (const [what, spread] of [
      ["one provider", 1],
      ["1,000 providers", 1_000],
    ] as const) {
      const providers = Array.from({ length: spread }, (_, n) => fleetUuid(9, n));
      for (const clients of [8, 32]) {
        let base = Number.NaN;
        for (const [form, make] of Object.entries(FORMS)) {
          const { counted, connection } = counting(real);
          const { rate, p99 } = await race(make(connection), { providers, clients, count });
          if (Number.isNaN(base)) base = rate;
          rows.push([form, what, clients, rate, base / rate, p99, counted.calls / count]);
        }
      }
    }
    const columns = ["form", "writing to", "clients", "a second", "slower by", "p99 ms"];
    table([...columns, "calls for each"], rows);
  });
}

interface Race {
  readonly providers: readonly Uuid[];
  readonly clients: number;
  readonly count: number;
}

async function race(raise: Raise, { providers, clients, count }: Race) {
  const times: number[] = [];
  let left = count;
  const start = performance.now();
  const client = async () => {
    while (left > 0) {
      left -= 1;
      const begun = performance.now();
      await raise(providers[left % providers.length] as Uuid);
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  const rate = (1_000 * count) / (performance.now() - start);
  const p99 = times.toSorted((a, b) => a - b)[Math.floor(0.99 * (times.length - 1))] ?? Number.NaN;
  return { rate, p99 };
}
