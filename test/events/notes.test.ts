/** What changes leave in their attempts: it comes into the feed once and in its order, whatever is lost. */
import { randomUUID } from "node:crypto";
import { beforeAll, expect, test, vi } from "vitest";
import { ATTEMPTS, attemptSlots } from "../../lib/store/items/attempt.ts";
import { consumerKey } from "../../lib/store/items/consumer.ts";
import { PENDING } from "../../lib/store/items/pending-events.ts";
import { removeOldAttempts } from "../../lib/store/maintenance/old-attempts.ts";
import { NOTE_SLOTS, type Note } from "../../lib/store/table/notes.ts";
import { bySubject, feedAll, follow, followAll } from "../support/events-feed.ts";
import { useFaulty } from "../support/frame.ts";
import { historyOf, steps } from "../support/history.ts";
import type { Call } from "../support/interpose.ts";
import { uuidOf } from "../support/uuids.ts";
import { claim, makeProvider, release } from "../support/world.ts";

const faulty = useFaulty({ repeats: "attempts", events: "left" });
let host: string;

beforeAll(async () => {
  host = await makeProvider(faulty.api, { VCPU: 10_000 });
  await feedAll(faulty.api);
});

const lost = () => new Error("lost");

/** Whether the call changes the consumer. */
const changes =
  (consumer: string) =>
  ({ command, keys }: Call) =>
    command === "TransactWrite" && keys.some(({ pk }) => pk === consumerKey(uuidOf(consumer)).pk);

const isAppend = ({ command, keys }: Call) =>
  command === "TransactWrite" && keys.some(({ pk }) => pk.startsWith("FEED#"));

const itemsUnder = async (pk: string) =>
  (await faulty.sound.items()).filter((item) => item.pk === pk);

const notes = async () => (await itemsUnder(ATTEMPTS)).filter(({ e }) => e !== undefined);

/** Steps of the consumer in the feed after `next`. */
async function fedSteps(consumer: string, after: string) {
  const { events } = await followAll(faulty.sound, { after });
  return steps(bySubject(events).get(consumer) ?? []);
}

/** The notes of all slots that are free, or of fewer. */
function reserveAll(most = NOTE_SLOTS): Note[] {
  const all: Note[] = [];
  for (let slot = 0; slot < most; slot += 1) {
    const note = faulty.api.connection.attempts?.notes.reserve({
      attributes: {},
      begins: [],
      ends: [],
    });
    if (note !== undefined) all.push(note);
  }
  return all;
}

/** A claim whose transaction is on its way until `go`. */
async function heldUp(consumer: string) {
  let go = () => {};
  const sent = new Promise<void>((resolve) => {
    go = resolve;
  });
  const arrived = new Promise<void>((resolve) => {
    faulty.interpose(async (call) => {
      if (changes(consumer)(call)) {
        resolve();
        await sent;
      }
      return call.send();
    });
  });
  const claimed = claim(faulty.api, consumer, { [host]: { VCPU: 1 } });
  await arrived;
  return { claimed, go };
}

test("a change leaves a note, and no item", async () => {
  const consumer = randomUUID();
  const { next } = await follow(faulty.sound);
  const before = await notes();
  await claim(faulty.api, consumer, { [host]: { VCPU: 1 } });
  const [left, ...others] = (await notes()).filter(({ n }) => !before.some((old) => old.n === n));
  expect(left?.e).toEqual([expect.stringContaining(uuidOf(consumer))]);
  expect(others).toEqual([]);
  expect(await itemsUnder(PENDING)).toEqual([]);
  expect(await feedAll(faulty.api)).toBe(1);
  expect(await fedSteps(consumer, next)).toEqual(["allocation.create null>1"]);
  expect(await feedAll(faulty.api)).toBe(0);
});

test("none is fed before an earlier attempt is decided", async () => {
  const [first, second] = [randomUUID(), randomUUID()];
  const held = await heldUp(first);
  await claim(faulty.api, second, { [host]: { VCPU: 1 } });
  expect(await feedAll(faulty.api)).toBe(0);
  held.go();
  expect((await held.claimed).status).toBe(204);
  expect(await feedAll(faulty.api)).toBe(2);
});

test("an item behind an attempt that is not decided waits, too", async () => {
  const [first, second] = [randomUUID(), randomUUID()];
  const held = await heldUp(first);
  const reserved = reserveAll();
  await claim(faulty.api, second, { [host]: { VCPU: 1 } });
  for (const note of reserved) note.close();
  expect(await itemsUnder(PENDING)).toHaveLength(1);
  expect(await feedAll(faulty.api)).toBe(0);
  held.go();
  expect((await held.claimed).status).toBe(204);
  expect(await feedAll(faulty.api)).toBe(2);
  expect(await itemsUnder(PENDING)).toEqual([]);
});

test("of a change whose answers were all lost the feeder learns that it was applied", async () => {
  const consumer = randomUUID();
  const { next } = await followAll(faulty.sound);
  faulty.interpose(async (call) => {
    if (!changes(consumer)(call)) return call.send();
    await call.send().catch(() => undefined);
    throw lost();
  });
  expect((await claim(faulty.api, consumer, { [host]: { VCPU: 1 } })).status).toBe(503);
  faulty.interpose(undefined);
  await claim(faulty.api, randomUUID(), { [host]: { VCPU: 1 } });
  expect(await feedAll(faulty.api)).toBe(2);
  expect(await fedSteps(consumer, next)).toEqual(["allocation.create null>1"]);
});

test("a change that never arrived holds up nothing, and arrives no more once others were fed", async () => {
  const [consumer, other] = [randomUUID(), randomUUID()];
  const { next } = await followAll(faulty.sound);
  const late: Call[] = [];
  faulty.interpose(async (call) => {
    if (!changes(consumer)(call)) return call.send();
    late.push(call);
    throw lost();
  });
  expect((await claim(faulty.api, consumer, { [host]: { VCPU: 1 } })).status).toBe(503);
  await claim(faulty.api, other, { [host]: { VCPU: 1 } });
  // The answer to the first fence is lost, too.
  let fences = 0;
  faulty.interpose(async (call) => {
    const [key, ...others] = call.keys;
    const isFence = call.command === "Put" && key?.pk === ATTEMPTS && others.length === 0;
    if (isFence) fences += 1;
    const answer = await call.send();
    if (isFence && fences === 1) throw lost();
    return answer;
  });
  expect(await feedAll(faulty.api)).toBe(1);
  expect(fences).toBeGreaterThan(1);
  expect(late.length).toBeGreaterThan(0);
  for (const call of late) await expect(call.send()).rejects.toThrow();
  expect(await feedAll(faulty.api)).toBe(0);
  expect(await fedSteps(other, next)).toEqual(["allocation.create null>1"]);
  expect((await faulty.sound.request("GET", `/consumers/${consumer}`)).status).toBe(404);
});

test("notes and items of one consumer come in its order", async () => {
  const consumer = randomUUID();
  const { next } = await followAll(faulty.sound);
  await claim(faulty.api, consumer, { [host]: { VCPU: 1 } });
  const reserved = reserveAll();
  await claim(faulty.api, consumer, { [host]: { VCPU: 2 } }, 1);
  expect(await itemsUnder(PENDING)).toHaveLength(1);
  for (const note of reserved) note.close();
  await release(faulty.api, consumer);
  expect(await feedAll(faulty.api)).toBe(3);
  expect(await fedSteps(consumer, next)).toEqual(
    steps(await historyOf(faulty.sound, "consumers", consumer)),
  );
});

test.each([
  ["a note", "a note"],
  ["a note", "an item"],
  ["an item", "a note"],
])("an end that leaves %s waits for a beginning that leaves %s", async (end, begin) => {
  const consumer = randomUUID();
  const { next } = await followAll(faulty.sound);
  const reserved = reserveAll(begin === "an item" ? NOTE_SLOTS : 0);
  // Planned and numbered while there is no such consumer, it may arrive when there is none again.
  const late = await heldUp(consumer);
  for (const note of reserved) note.close();
  faulty.interpose(undefined);
  expect((await claim(faulty.api, consumer, { [host]: { VCPU: 2 } })).status).toBe(204);
  const beginnings = faulty.api.connection.attempts?.notes.beginnings ?? expect.unreachable();
  const waits = vi.spyOn(beginnings, "next");
  const others = reserveAll(end === "an item" ? NOTE_SLOTS : 0);
  const released = release(faulty.api, consumer);
  const waiting = vi.waitFor(() => expect(waits).toHaveBeenCalled(), { timeout: 10_000 });
  await Promise.race([waiting, released]);
  late.go();
  expect((await late.claimed).status).toBe(409);
  expect((await released).status).toBe(204);
  for (const note of others) note.close();
  await feedAll(faulty.api);
  expect(await fedSteps(consumer, next)).toEqual([
    "allocation.create null>1",
    "allocation.delete 1>null",
  ]);
});

test("an append whose answer was lost is not done again", async () => {
  const consumer = randomUUID();
  const { next } = await followAll(faulty.sound);
  await claim(faulty.api, consumer, { [host]: { VCPU: 1 } });
  faulty.interpose(async (call) => {
    const answer = call.send();
    if (!isAppend(call)) return answer;
    await answer.catch(() => undefined);
    throw lost();
  });
  await expect(feedAll(faulty.api)).rejects.toThrow();
  faulty.interpose(undefined);
  expect(await feedAll(faulty.api)).toBe(0);
  expect(await fedSteps(consumer, next)).toEqual(["allocation.create null>1"]);
  expect(faulty.api.connection.attempts?.notes.first()).toBeUndefined();
});

test("a refused change leaves nothing, and its slot is used again", async () => {
  const before = reserveAll();
  for (const note of before) note.close();
  const refused = await claim(faulty.api, randomUUID(), { [host]: { VCPU: 20_000 } });
  expect(refused.status).toBe(409);
  expect(await feedAll(faulty.api)).toBe(0);
  const after = reserveAll();
  for (const note of after) note.close();
  expect(after).toHaveLength(before.length);
});

test("what an ended process has left, and nobody took, is fed by the next one", async () => {
  const [taken, untaken] = [randomUUID(), randomUUID()];
  const { next } = await followAll(faulty.sound);
  // Slots, of which not all are used again.
  await claim(faulty.api, taken, { [host]: { VCPU: 1 } });
  for (let more = 0; more < 3; more += 1) {
    await claim(faulty.api, randomUUID(), { [host]: { VCPU: 1 } });
  }
  await feedAll(faulty.api);
  await claim(faulty.api, untaken, { [host]: { VCPU: 1 } });
  await release(faulty.api, untaken);
  const { connection, runtime } = faulty.sound;
  const later = { ...connection, attempts: attemptSlots(randomUUID()) };
  const { clock, random } = runtime;
  const context = { clock, random, deadline: clock.now() + 10_000, counts: { retries: 0 } };
  expect(await removeOldAttempts(later, context)).toBeGreaterThan(2);
  expect(await notes()).toEqual([]);
  expect(await itemsUnder(PENDING)).toHaveLength(2);
  expect(await feedAll({ runtime, pending: undefined })).toBe(2);
  expect(await fedSteps(taken, next)).toEqual(["allocation.create null>1"]);
  expect(await fedSteps(untaken, next)).toEqual([
    "allocation.create null>1",
    "allocation.delete 1>null",
  ]);
  // Its own is the only one that is left.
  expect(new Set((await itemsUnder(ATTEMPTS)).map(({ sk }) => sk.split("#")[0]))).toEqual(
    new Set([later.attempts.items.process, connection.attempts?.items.process]),
  );
});
