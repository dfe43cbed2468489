/** Lives of one server, each with lost and late calls, and killed in the end: the feed has what the history has. */
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { attemptSlots } from "../../lib/store/items/attempt.ts";
import { removeOldAttempts } from "../../lib/store/maintenance/old-attempts.ts";
import { type Api, startApi } from "../support/api.ts";
import { chance } from "../support/chance.ts";
import { bySubject, feedAll, followAll } from "../support/events-feed.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { brokenLives, historyOf, type ShownEvent } from "../support/history.ts";
import { type Interposer, interpose } from "../support/interpose.ts";
import { sweep } from "../support/large-world.ts";
import { lateCalls } from "../support/late-calls.ts";
import { claim, claimBody, makeProvider, putInventories, release } from "../support/world.ts";

const LIVES = 5;
const CLIENTS = 4;
const CHANGES = 12;
/** Calls for which a process that is about to die still lives, at most. */
const LAST_CALLS = 25;
/** Consumers of a large change: more than one transaction holds. */
const CROWD = 30;

const random = chance("notes-storm");
/** Of all processes: it never falls. */
const clock = fastClock();
const sound = useApi({ repeats: "attempts", events: "left", clock });

/** Loses calls and answers of writes, and delays calls; nothing arrives any more once it is dead. */
function disturbed() {
  const late = lateCalls(random, 12);
  const life = { calls: Number.POSITIVE_INFINITY };
  const interposer: Interposer = async (call) => {
    if (life.calls <= 0) throw new Error("dead");
    life.calls -= 1;
    return call.command === "TransactWrite" ? late.interposer(call) : call.send();
  };
  return { life, interposer };
}

interface Scene {
  readonly api: Api;
  readonly hosts: readonly string[];
  readonly consumers: readonly string[];
}

async function resize({ api }: Scene, host: string): Promise<void> {
  const { body } = await api.request("GET", `/resource_providers/${host}`);
  await putInventories(api, host, body.generation, { VCPU: 1_000 + random.below(9) });
}

async function generationOf({ api }: Scene, consumer: string): Promise<number | null> {
  const { body } = await api.request("GET", `/allocations/${consumer}`);
  return body.consumer_generation ?? null;
}

/** What becomes of it is told by the history. */
async function changeOne(scene: Scene): Promise<void> {
  const { api, hosts, consumers } = scene;
  const [host, consumer] = [random.pick([...hosts]), random.pick([...consumers])];
  const kind = random.below(4);
  if (kind === 0) await release(api, consumer);
  else if (kind === 1) await resize(scene, host);
  else {
    const held = { [host]: { VCPU: 1 + random.below(5) } };
    await claim(api, consumer, held, await generationOf(scene, consumer));
  }
}

/** A large change of new consumers and one of the others. */
async function changeMany(scene: Scene, crowd: readonly string[]): Promise<void> {
  const { api, hosts, consumers } = scene;
  const held = { [random.pick([...hosts])]: { VCPU: 1 } };
  const known = random.pick([...consumers]);
  const body = Object.fromEntries(crowd.map((uuid) => [uuid, claimBody(held, null)]));
  const generation = await generationOf(scene, known);
  await api.request("POST", "/allocations", {
    body: { ...body, [known]: claimBody(held, generation) },
  });
}

/** Of the next process: what the one before has left is moved where any feeder finds it. */
async function begin(attempts = attemptSlots(random.uuid())): Promise<void> {
  const connection = { ...sound.connection, attempts };
  const context = { clock, random, deadline: clock.now() + 10_000, counts: { retries: 0 } };
  await removeOldAttempts(connection, context);
}

/** Repeats `act` until `work` has ended. */
async function meanwhile(work: Promise<unknown>, act: () => Promise<void>): Promise<void> {
  const state = { ended: false };
  const end = work.finally(() => {
    state.ended = true;
  });
  while (!state.ended) await act();
  await end;
}

async function live(scene: Omit<Scene, "api">, crowd: readonly string[]): Promise<void> {
  const { life, interposer } = disturbed();
  const api = await startApi({
    repeats: "attempts",
    events: "left",
    tableName: sound.tableName,
    clock,
    connection: (connection) => interpose(connection, interposer),
  });
  await begin(api.connection.attempts);
  let left = CHANGES * CLIENTS;
  const client = async (own: number) => {
    for (; left > 0; left -= 1) {
      if (own === 0 && left === CHANGES) await changeMany({ ...scene, api }, crowd);
      else await changeOne({ ...scene, api });
    }
  };
  const clients = () => Promise.all(Array.from({ length: CLIENTS }, (_, own) => client(own)));
  await meanwhile(clients(), async () => {
    await feedAll(api).catch(() => undefined);
  });
  left = LAST_CALLS;
  life.calls = random.below(LAST_CALLS);
  await meanwhile(clients(), async () => {
    await setImmediate();
    // Nobody decides an outcome any more on which a change waits.
    if (life.calls <= 0 && clock.timers > 0) clock.ring();
  });
  await api.close();
}

test("each event is in the feed once, and those of a subject in their order", async () => {
  const hosts = [
    await makeProvider(sound, { VCPU: 1_000 }),
    await makeProvider(sound, { VCPU: 1_000 }),
  ];
  await feedAll(sound);
  const consumers = Array.from({ length: 5 }, () => random.uuid());
  const crowds: string[] = [];
  for (let number = 0; number < LIVES; number += 1) {
    const crowd = Array.from({ length: CROWD }, () => random.uuid());
    crowds.push(...crowd);
    await live({ hosts, consumers }, crowd);
  }
  await begin();
  const { runtime } = sound;
  await sweep(sound);
  await feedAll({ runtime, pending: undefined });
  const { events } = await followAll(sound, { limit: 1_000 });
  const fed = bySubject(events);
  const ids = (shown: readonly ShownEvent[]) => shown.map(({ id }) => id).sort();
  let told = 0;
  for (const uuid of [...consumers, ...crowds]) {
    const history = await historyOf(sound, "consumers", uuid, { query: "?limit=1000" });
    expect(ids(fed.get(uuid) ?? [])).toEqual(ids(history));
    expect(brokenLives(fed.get(uuid) ?? [])).toEqual([]);
    told += history.length;
  }
  for (const uuid of hosts) {
    const history = await historyOf(sound, "resource_providers", uuid, { query: "?limit=1000" });
    expect(ids(fed.get(uuid) ?? [])).toEqual(ids(history));
    const generations = (fed.get(uuid) ?? []).map((each) => each.generation_after ?? 0);
    expect(generations).toEqual([...generations].sort((a, b) => a - b));
    told += history.length;
  }
  expect(events).toHaveLength(told);
  expect(told).toBeGreaterThan((LIVES * CHANGES * CLIENTS) / 4);
});
