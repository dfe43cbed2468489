/** What the shapes of requests are played on: a fleet, and a function that knows it. */
import { createHash } from "node:crypto";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "vitest";
import { systemClock } from "../../lib/api/system-clock.ts";
import { clientConfig } from "../../lib/local/table.ts";
import { STANDARD_TRAIT_NAMES } from "../../lib/model/standard-traits.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { feedStreamed } from "../../lib/store/events/feed-stream.ts";
import { kindOf } from "../../lib/store/items/kinds.ts";
import { LOGS, logKey } from "../../lib/store/items/shard-log.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import { keyText } from "../../lib/store/table/item.ts";
import { connect } from "../../lib/store/table/wire/client.ts";
import { Transport } from "../../lib/store/table/wire/transport.ts";
import { type Api, startApi } from "../support/api.ts";
import { type Chance, seeded } from "../support/chance.ts";
import { testEndpoint } from "../support/engine.ts";
import { fastClock } from "../support/fast-clock.ts";
import { fleetProvider, fleetUuid } from "../support/fleet.ts";
import { seedProviders } from "../support/seeded.ts";
import { claim, type Held, type Inventories, makeProvider } from "../support/world.ts";
import { CountingCarrier } from "./counting.ts";

/** Hosts with three classes and 40 traits each, in one aggregate of four. */
export const HOSTS = 100;
const TRAITS = Array.from({ length: 40 }, (_, index) => 3 * index);
/** One that all hosts have. */
export const TRAIT = STANDARD_TRAIT_NAMES.get(3) ?? "";
const AGGREGATES = 4;
const FULL = { 0: 64, 1: 262_144, 2: 2_000 };

export const host = (index: number): Uuid => fleetUuid(1, index);
export const aggregate = (index: number): Uuid => fleetUuid(2, index % AGGREGATES);

/** A table, and a function on it whose calls are counted. */
export interface World extends Pick<Api, "request"> {
  readonly counting: CountingCarrier;
  /** The same for the same shape, whatever other shapes there are. */
  uuid(): Uuid;
  provider(inventories?: Inventories, parent?: string): Promise<Uuid>;
  claimed(held: Held): Promise<Uuid>;
  /** A custom class or trait that exists. */
  custom(kind: "resource_classes" | "traits"): Promise<string>;
  /** What brings the events into the feed that were written since it was last asked for. */
  streamed(): Promise<() => Promise<void>>;
  /** Begins a shape: what it makes and reads does not depend on the shapes before. */
  begin(shape: string): Promise<void>;
  /** The function has read everything that changed. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

/** Logs start with a counter of as many digits each time, so that sizes are the same. */
const FIRST_COUNT = 10_000;
const COUNTS_OF_SHAPE = 100;

export async function startWorld(): Promise<World> {
  let chance: Chance = seeded(1);
  let shapes = 0;
  const told = new Set<string>();
  const endpoint = testEndpoint();
  const counting = new CountingCarrier(new Transport(new URL(endpoint)));
  const clock = fastClock(Date.UTC(2026, 0, 1));
  const api = await startApi({
    clock,
    random: { fraction: () => chance.fraction(), uuid: () => chance.uuid() },
    // With request tokens, as on DynamoDB.
    connection: ({ tableName }) =>
      connect(tableName, clientConfig(endpoint, {}), systemClock, () => counting),
  });
  const providers = Array.from({ length: HOSTS }, (_, index) =>
    fleetProvider({
      uuid: host(index),
      traits: TRAITS,
      aggregates: [aggregate(index)],
      totals: FULL,
    }),
  );
  await seedProviders(api, providers);
  const ok = async (...given: Parameters<Api["request"]>) => {
    const answer = await api.request(...given);
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  };
  const uuid = () => chance.uuid();
  const warm = () => ok("GET", `/resource_providers?member_of=${aggregate(0)}`);
  const named = () => `CUSTOM_${chance.uuid().replaceAll("-", "_").toUpperCase()}`;
  return {
    request: api.request,
    counting,
    uuid,
    provider: (inventories, parent) =>
      makeProvider(api, inventories, { uuid: uuid(), ...(parent === undefined ? {} : { parent }) }),
    claimed: async (held) => {
      const consumer = uuid();
      expect((await claim(api, consumer, held)).status).toBe(204);
      return consumer;
    },
    custom: async (kind) => {
      const name = named();
      await ok("PUT", `/${kind}/${name}`);
      return name;
    },
    streamed: async () => {
      const items = (await api.items()).filter(
        (item) => kindOf(item) === "event" && !told.has(keyText(item)),
      );
      for (const item of items) told.add(keyText(item));
      const { clock: now } = api.runtime;
      return async () => {
        const store = api.runtime.openStore({ access: WRITING, deadline: now.now() + 10_000 });
        await feedStreamed(store, items);
      };
    },
    begin: async (shape) => {
      chance = seeded(createHash("sha256").update(shape).digest().readUInt32BE());
      shapes += 1;
      await warm();
      await emptyLogs(api, FIRST_COUNT + shapes * COUNTS_OF_SHAPE);
    },
    warm,
    close: async () => {
      await api.close();
      counting.destroy();
    },
  };
}

/** A function that knows all providers reads none of them again for this. */
async function emptyLogs({ client, tableName }: Api, count: number): Promise<void> {
  const put = (log: number) =>
    client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: logKey(log),
        UpdateExpression: "SET n = :n, b = :b, m = :m",
        ExpressionAttributeValues: { ":n": count, ":b": 0, ":m": {} },
      }),
    );
  await Promise.all(Array.from({ length: LOGS }, (_, log) => put(log)));
}
