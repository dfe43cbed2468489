/** The function of the table's stream: what it feeds, in which order, and again; what it hands on. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { feedEventsTo } from "../../functions/maintenance/feed-events.ts";
import { taskLambda } from "../../lib/api/task.ts";
import type { BusEvent } from "../../lib/store/bus/entries.ts";
import type { EventBus } from "../../lib/store/bus/event-bus.ts";
import { eventKeyOf } from "../../lib/store/items/event-ref.ts";
import { encodeItem } from "../../lib/store/table/wire/items.ts";
import type { Item } from "../support/api.ts";
import { bySubject, follow, followAll } from "../support/events-feed.ts";
import { useFaulty } from "../support/frame.ts";
import { historyOf } from "../support/history.ts";
import { makeLargeWorld, readPosition, reshapeBody } from "../support/large-world.ts";
import { isCommit } from "../support/mortal.ts";
import { claim, makeProvider, release } from "../support/world.ts";

const faulty = useFaulty();
const api = () => faulty.api;
let host: string;

beforeAll(async () => {
  host = await makeProvider(api(), { VCPU: 1_000 });
});

/** A batch as Lambda delivers it. */
const batchOf = (items: readonly Item[]) => ({
  Records: items.map((item, index) => ({
    eventID: String(index),
    eventName: "INSERT",
    eventSource: "aws:dynamodb",
    dynamodb: { Keys: {}, NewImage: encodeItem(item), SequenceNumber: String(index) },
  })),
});

const deliver = (items: readonly Item[], bus?: EventBus) =>
  taskLambda(feedEventsTo(bus), async () => api().runtime)(batchOf(items));

const storedEvents = async (...subjects: readonly string[]) =>
  (await api().items()).filter(({ pk }) => subjects.some((subject) => pk === `EVENT#${subject}`));

test.each([
  {},
  { Records: {} },
  { Records: [{}] },
  { Records: [{ dynamodb: { NewImage: 5 } }] },
  [],
])("refuses %j, which no stream delivers", async (event) => {
  const run = taskLambda(feedEventsTo(undefined), async () => api().runtime);
  await expect(run(event)).rejects.toMatchObject({ name: "InvalidBody", status: 400 });
});

async function lived(): Promise<string> {
  const consumer = randomUUID();
  await claim(api(), consumer, { [host]: { VCPU: 1 } });
  await release(api(), consumer);
  await claim(api(), consumer, { [host]: { VCPU: 2 } });
  return consumer;
}

const now = async () => (await followAll(api())).next;

test("what the stream tells is fed, each event once, as the history shows it", async () => {
  const after = await now();
  const consumers = [await lived(), await lived(), await lived()];
  const events = await storedEvents(...consumers);
  expect(await deliver(events)).toEqual({ events: 9 });
  const fed = bySubject((await followAll(api(), { after })).events);
  for (const consumer of consumers) {
    expect(fed.get(consumer)).toEqual(await historyOf(api(), "consumers", consumer));
  }
});

test("a batch that is delivered again, as a whole or in halves, is not appended twice", async () => {
  const after = await now();
  const events = await storedEvents(await lived(), await lived());
  await deliver(events.slice(0, 4));
  await deliver(events);
  await deliver(events.slice(0, 3));
  await deliver(events.slice(3));
  const { events: fed } = await followAll(api(), { after });
  expect(fed.map(({ id }) => id)).toHaveLength(6);
  expect(new Set(fed.map(({ id }) => id)).size).toBe(6);
});

test("batches that are delivered at once do not lose each other's events", async () => {
  const after = await now();
  const consumers: string[] = [];
  for (let index = 0; index < 8; index += 1) consumers.push(await lived());
  const batches = await Promise.all(consumers.map((consumer) => storedEvents(consumer)));
  await Promise.all(batches.map((batch) => deliver(batch)));
  const fed = bySubject((await followAll(api(), { after })).events);
  for (const consumer of consumers) {
    expect(fed.get(consumer)).toEqual(await historyOf(api(), "consumers", consumer));
  }
});

test("images with a write intent, and of other items, are passed over", async () => {
  const world = await makeLargeWorld(faulty.sound);
  const after = await now();
  const body = await reshapeBody(faulty.sound, world, await readPosition(faulty.sound, world));
  let undecided: Item[] = [];
  faulty.interpose(async (call) => {
    if (isCommit(call)) {
      undecided = (await faulty.sound.items()).filter((item) => "mark" in item);
    }
    return call.send();
  });
  const sent = await api().request("POST", "/reshaper", { body, roles: "service" });
  faulty.interpose(undefined);
  expect(sent.status).toBe(204);
  const placeholders = undecided.filter(({ pk }) => pk.startsWith("EVENT#"));
  expect(placeholders).toHaveLength(world.consumers.length + 2);
  expect(await deliver(undecided)).toEqual({ events: 0 });
  expect((await follow(api(), `?after=${after}`)).events).toEqual([]);
  const keys = new Set(placeholders.map(({ pk, sk }) => `${pk} ${sk}`));
  const carriedOut = (await api().items()).filter(({ pk, sk }) => keys.has(`${pk} ${sk}`));
  expect(await deliver(carriedOut)).toEqual({ events: placeholders.length });
  const { events } = await followAll(api(), { after });
  expect(new Set(events.map((each) => each.change_id)).size).toBe(1);
  expect(events).toHaveLength(placeholders.length);
});

describe("the bus", () => {
  const taken: BusEvent[] = [];
  const bus: EventBus = { put: async (events) => void taken.push(...events) };

  test("gets each event as an administrator sees it", async () => {
    taken.length = 0;
    const consumer = await lived();
    await deliver(await storedEvents(consumer), bus);
    const history = await historyOf(api(), "consumers", consumer);
    expect(taken.map(({ document }) => document)).toEqual(history);
    expect(taken.map(({ event }) => event)).toEqual(history.map(({ event }) => event));
  });

  test("that takes nothing makes the batch fail, which then is fed once", async () => {
    const after = await now();
    const events = await storedEvents(await lived());
    const failing: EventBus = {
      put: async () => {
        throw new Error("no bus");
      },
    };
    await expect(deliver(events, failing)).rejects.toThrow("no bus");
    await deliver(events, bus);
    expect((await followAll(api(), { after })).events).toHaveLength(3);
  });
});

test("the lag is that of the oldest event", async () => {
  const events = await storedEvents(await lived());
  faulty.clock.pass(90_000);
  const before = api().logs.length;
  await deliver(events);
  const line = api()
    .logs.slice(before)
    .find(({ message }) => message === "task");
  const measured = line?.["metrics"] as Readonly<Record<string, number>> | undefined;
  expect(measured?.["EventsFed"]).toBe(3);
  expect(measured?.["FeedLag"]).toBeGreaterThanOrEqual(90_000);
});

test("an event is named by its subject and sort key", () => {
  const subject = randomUUID();
  expect(eventKeyOf(`${subject}#1#2#3`)).toEqual({ pk: `EVENT#${subject}`, sk: "1#2#3" });
});
