/** On an engine with attempts, a change appends to the shard logs in its own transaction. */
import { randomUUID } from "node:crypto";
import { DeleteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { MAX_JOINT } from "../../lib/store/cache/known-log.ts";
import { KEPT, RESET_FROM } from "../../lib/store/cache/shard-log.ts";
import { shardOf } from "../../lib/store/items/shard.ts";
import { LOG, LOGS } from "../../lib/store/items/shard-log.ts";
import { isWrite } from "../support/between.ts";
import { type Faulty, failBefore, loseAnswers } from "../support/faulty.ts";
import { useFaulty } from "../support/frame.ts";
import type { Call } from "../support/interpose.ts";
import { REPEATS } from "../support/repeats.ts";
import { isLogAppend, logEntryOf, logOfProvider } from "../support/shard-logs.ts";
import { uuidOf } from "../support/uuids.ts";
import { claim, makeProvider, readUsages } from "../support/world.ts";

const ALWAYS = Number.POSITIVE_INFINITY;
const lost = () => Object.assign(new Error("lost"), { name: "TimeoutError" });
const namesLog = ({ keys }: Call) => keys.some(({ pk }) => pk.startsWith(`${LOG}#`));
const isJoint = (call: Call) => isWrite(call) && namesLog(call) && !isLogAppend(call);

describe.each(REPEATS)("with %s", (repeats) => {
  const faulty = useFaulty({ repeats, verified: "after-each" });
  const claimOn = (provider: Uuid) => claim(faulty.api, randomUUID(), { [provider]: { VCPU: 1 } });
  const versionOf = async (provider: Uuid) => (await logEntryOf(faulty.sound, provider)).version;

  test("claims append in their transactions, once a call of its own has shown the log", async () => {
    const provider = await makeProvider(faulty.sound, { VCPU: 100 });
    await untilOwn(faulty, () => claimOn(provider));
    const before = await versionOf(provider);
    const seen = countAppends(faulty);
    for (let count = 0; count < 8; count += 1) {
      expect((await claimOn(provider)).status).toBe(204);
      expect((await logEntryOf(faulty.sound, provider)).stamp).toBe(before + count + 1);
    }
    expect(seen).toEqual(repeats === "attempts" ? { joint: 8, own: 0 } : { joint: 0, own: 8 });
  });
});

/** Counts appends from now on. */
function countAppends(faulty: Faulty) {
  const seen = { joint: 0, own: 0 };
  faulty.interpose(async (call) => {
    seen.joint += Number(isJoint(call));
    seen.own += Number(isLogAppend(call));
    return call.send();
  });
  return seen;
}

/** Acts until an append is a call of its own: many may be joint ones before. */
async function untilOwn(faulty: Faulty, act: () => Promise<unknown>): Promise<void> {
  const seen = countAppends(faulty);
  for (let count = 0; count < 2 * MAX_JOINT && seen.own === 0; count += 1) await act();
  faulty.interpose(undefined);
  expect(seen.own).toBeGreaterThan(0);
}

describe("a joint append", () => {
  const faulty = useFaulty({ repeats: "attempts", verified: "after-each" });

  /** A provider with a log that the next append knows. */
  async function known(): Promise<Uuid> {
    const provider = await makeProvider(faulty.sound, { VCPU: 100 });
    await untilOwn(faulty, () => one(provider));
    return provider;
  }
  const one = (provider: Uuid) => claim(faulty.api, randomUUID(), { [provider]: { VCPU: 1 } });

  test("to a log that is missing leaves the change whole, and starts the log", async () => {
    const provider = await known();
    const { client, tableName: TableName } = faulty.sound;
    await client.send(new DeleteCommand({ TableName, Key: logOfProvider(provider) }));
    const { VCPU: used = 0 } = await readUsages(faulty.sound, provider);
    expect((await one(provider)).status).toBe(204);
    expect(await readUsages(faulty.sound, provider)).toEqual({ VCPU: used + 1 });
    expect((await logEntryOf(faulty.sound, provider)).entries).toBe(0);
  });

  test("whose answer is lost is applied once, with its change", async () => {
    const provider = await known();
    const { version } = await logEntryOf(faulty.sound, provider);
    const { VCPU: used = 0 } = await readUsages(faulty.sound, provider);
    faulty.interpose(loseAnswers(2, isJoint, lost));
    expect((await one(provider)).status).toBe(204);
    expect(await readUsages(faulty.sound, provider)).toEqual({ VCPU: used + 1 });
    expect((await logEntryOf(faulty.sound, provider)).version).toBe(version + 1);
  });

  test("goes with its change: nothing is appended for one that is refused", async () => {
    const provider = await known();
    const before = await logEntryOf(faulty.sound, provider);
    const tooMuch = { [provider]: { VCPU: 101 } };
    expect((await claim(faulty.api, randomUUID(), tooMuch)).status).toBe(409);
    expect(await logEntryOf(faulty.sound, provider)).toEqual(before);
    faulty.interpose(failBefore(ALWAYS, isLogAppend, lost));
    expect((await one(provider)).status).toBe(204);
    expect((await logEntryOf(faulty.sound, provider)).version).toBe(before.version + 1);
  });

  test("is due for a call of its own until there was one: a refused change has made none", async () => {
    const provider = await known();
    for (let count = 0; count < MAX_JOINT; count += 1) {
      expect((await one(provider)).status).toBe(204);
    }
    const seen = countAppends(faulty);
    const tooMuch = { [provider]: { VCPU: 101 } };
    expect((await claim(faulty.api, randomUUID(), tooMuch)).status).toBe(409);
    expect((await one(provider)).status).toBe(204);
    expect(seen).toEqual({ joint: 0, own: 1 });
  });

  /** Providers of one log; that of the first was seen. */
  async function sharingALog(count: number): Promise<Uuid[]> {
    const first = await known();
    const found: Uuid[] = [first];
    while (found.length < count) {
      const uuid = uuidOf(randomUUID());
      if (shardOf(uuid) % LOGS !== shardOf(first) % LOGS) continue;
      found.push(await makeProvider(faulty.api, { VCPU: 10 }, { uuid }));
    }
    return found;
  }

  test("takes an old entry out for each that it adds", async () => {
    const providers = await sharingALog(3 * KEPT);
    const [first = uuidOf(randomUUID())] = providers;
    const before = await logEntryOf(faulty.sound, first);
    const seen = countAppends(faulty);
    for (const [count, provider] of providers.entries()) {
      expect((await one(provider)).status).toBe(204);
      const { entries, stamp } = await logEntryOf(faulty.sound, provider);
      expect([entries, stamp]).toEqual([KEPT, before.version + count + 1]);
    }
    expect(seen.own).toBeLessThanOrEqual(1);
    expect((await logEntryOf(faulty.sound, first)).base).toBeGreaterThan(before.base);
  });

  test("never lowers the base that another process has raised", async () => {
    const [first = uuidOf(randomUUID()), ...others] = await sharingALog(2 * KEPT);
    const { version } = await logEntryOf(faulty.sound, first);
    const { client, tableName: TableName } = faulty.sound;
    await client.send(
      new UpdateCommand({
        TableName,
        Key: logOfProvider(first),
        UpdateExpression: "SET #base = :base",
        ExpressionAttributeNames: { "#base": "b" },
        ExpressionAttributeValues: { ":base": version },
      }),
    );
    for (const provider of others) {
      expect((await one(provider)).status).toBe(204);
      expect((await logEntryOf(faulty.sound, first)).base).toBeGreaterThanOrEqual(version);
    }
  });

  test("that takes out what another process has changed leaves the change whole", async () => {
    const providers = await sharingALog(2 * KEPT);
    for (const provider of providers) {
      await claim(faulty.sound, randomUUID(), { [provider]: { VCPU: 1 } });
      const before = await readUsages(faulty.sound, provider);
      expect((await one(provider)).status).toBe(204);
      expect(await readUsages(faulty.sound, provider)).toEqual({ VCPU: (before.VCPU ?? 0) + 1 });
      const { version, stamp, entries } = await logEntryOf(faulty.sound, provider);
      expect(stamp).toBe(version);
      expect(entries).toBeLessThan(RESET_FROM);
    }
  });
});
