/** The maintenance function that deletes consumers which hold nothing. */
import { randomUUID } from "node:crypto";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { deleteIdleConsumers } from "../../functions/maintenance/delete-idle-consumers.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { isWrite } from "../support/between.ts";
import { useFaulty } from "../support/frame.ts";
import { claim, makeProvider } from "../support/world.ts";

const HOUR = 3_600;
const faulty = useFaulty({ verified: "after-each" });
let provider: string;

beforeAll(async () => {
  provider = await makeProvider(faulty.sound, { VCPU: 100 });
});
beforeEach(async () => {
  await sweep({ older_than: 0, batch_size: 1_000 });
});

const sweep = (event: unknown) =>
  taskLambda(deleteIdleConsumers, async () => faulty.api.runtime)(event);

async function makeIdle(count: number): Promise<string[]> {
  const uuids = Array.from({ length: count }, () => randomUUID());
  for (const uuid of uuids) {
    const body = { uuid, project_id: "project", user_id: "user" };
    expect((await faulty.api.request("POST", "/consumers", { body })).status).toBe(201);
  }
  return uuids;
}

/** Those of `uuids` that exist. */
async function left(uuids: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const uuid of uuids) {
    const { status } = await faulty.sound.request("GET", `/consumers/${uuid}`);
    if (status === 200) found.push(uuid);
  }
  return found;
}

test("consumers are deleted by age, the others stay", async () => {
  const old = await makeIdle(5);
  faulty.clock.pass(2 * HOUR * 1_000);
  const young = await makeIdle(3);
  expect(await sweep({ older_than: HOUR })).toEqual({ found: 5, done: 5 });
  expect(await left(old)).toEqual([]);
  expect(await left(young)).toEqual(young);
  expect(await sweep({ older_than: HOUR })).toEqual({ found: 0, done: 0 });
});

test("a batch deletes the oldest, and the next one goes on", async () => {
  const uuids: string[] = [];
  for (let count = 0; count < 7; count += 1) {
    uuids.push(...(await makeIdle(1)));
    faulty.clock.pass(1_000);
  }
  faulty.clock.pass(HOUR * 1_000);
  expect(await sweep({ older_than: HOUR, batch_size: 3 })).toEqual({ found: 3, done: 3 });
  expect(await left(uuids)).toEqual(uuids.slice(3));
  expect(await sweep({ older_than: HOUR, batch_size: 3 })).toEqual({ found: 3, done: 3 });
  expect(await sweep({ older_than: HOUR, batch_size: 3 })).toEqual({ found: 1, done: 1 });
  expect(await left(uuids)).toEqual([]);
});

test("of those named the idle ones are deleted, whatever their age", async () => {
  const [one, other, unnamed] = (await makeIdle(3)) as [string, string, string];
  const holder = randomUUID();
  await claim(faulty.sound, holder, { [provider]: { VCPU: 1 } });
  await claim(faulty.sound, other, { [provider]: { VCPU: 1 } }, 0);
  const consumers = [one, other, holder, randomUUID(), one];
  expect(await sweep({ consumers })).toEqual({ found: 1, done: 1 });
  expect(await left([one, other, holder, unnamed])).toEqual([other, holder, unnamed]);
});

test("names are taken in every form of a uuid", async () => {
  const [one, other] = (await makeIdle(2)) as [string, string];
  const consumers = [one.toUpperCase(), other.replaceAll("-", "")];
  expect(await sweep({ consumers })).toEqual({ found: 2, done: 2 });
});

test("a batch of names stops at its size", async () => {
  const uuids = await makeIdle(5);
  expect(await sweep({ consumers: uuids, batch_size: 2 })).toEqual({ found: 2, done: 2 });
  expect(await left(uuids)).toHaveLength(3);
});

test("a consumer that is claimed with meanwhile is found and left", async () => {
  const [uuid = ""] = await makeIdle(1);
  let claimed = false;
  faulty.interpose(async (call) => {
    if (isWrite(call) && !claimed) {
      claimed = true;
      await claim(faulty.sound, uuid, { [provider]: { VCPU: 1 } }, 0);
    }
    return call.send();
  });
  expect(await sweep({ consumers: [uuid] })).toEqual({ found: 1, done: 0 });
  expect(await left([uuid])).toEqual([uuid]);
});

test.each([
  [{}],
  [{ older_than: -1 }],
  [{ older_than: 1, consumers: [] }],
  [{ consumers: ["nobody"] }],
  [{ older_than: 0, batch_size: 0 }],
  [{ older_than: 0, batch_size: 1_001 }],
  [[]],
  ["text"],
])("input %j is refused", async (event) => {
  await expect(sweep(event)).rejects.toMatchObject({ status: 400 });
});
