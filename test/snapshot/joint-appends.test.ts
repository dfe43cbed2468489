/** On an engine with attempts, a change appends to the shard logs in its own transaction. */
import { randomUUID } from "node:crypto";
import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { RESET_FROM, TRIM_FROM } from "../../lib/store/cache/shard-log.ts";
import { shardOf } from "../../lib/store/items/shard.ts";
import { LOG, LOGS } from "../../lib/store/items/shard-log.ts";
import { isWrite } from "../support/between.ts";
import { failBefore, loseAnswers } from "../support/faulty.ts";
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

  /** Claims until the next append to the provider's log is due to be a joint one. */
  async function untilJoint(provider: Uuid): Promise<void> {
    let own = false;
    faulty.interpose(async (call) => {
      own ||= isLogAppend(call);
      return call.send();
    });
    for (let count = 0; count < 8 && !own; count += 1) await claimOn(provider);
    faulty.interpose(undefined);
    expect(own).toBe(true);
  }

  test("claims append in their transactions, and in calls of their own", async () => {
    const provider = await makeProvider(faulty.sound, { VCPU: 100 });
    await untilJoint(provider);
    const before = await versionOf(provider);
    const seen = { joint: 0, own: 0 };
    faulty.interpose(async (call) => {
      seen.joint += Number(isJoint(call));
      seen.own += Number(isLogAppend(call));
      return call.send();
    });
    for (let count = 0; count < 8; count += 1) {
      expect((await claimOn(provider)).status).toBe(204);
      expect((await logEntryOf(faulty.sound, provider)).stamp).toBe(before + count + 1);
    }
    expect(seen).toEqual(repeats === "attempts" ? { joint: 6, own: 2 } : { joint: 0, own: 8 });
  });
});

describe("a joint append", () => {
  const faulty = useFaulty({ repeats: "attempts", verified: "after-each" });

  async function due(): Promise<Uuid> {
    const provider = await makeProvider(faulty.sound, { VCPU: 100 });
    let own = false;
    faulty.interpose(async (call) => {
      own ||= isLogAppend(call);
      return call.send();
    });
    for (let count = 0; count < 8 && !own; count += 1) await one(provider);
    faulty.interpose(undefined);
    return provider;
  }
  const one = (provider: Uuid) => claim(faulty.api, randomUUID(), { [provider]: { VCPU: 1 } });

  test("to a log that is missing leaves the change whole, and starts the log", async () => {
    const provider = await due();
    const { client, tableName: TableName } = faulty.sound;
    await client.send(new DeleteCommand({ TableName, Key: logOfProvider(provider) }));
    const { VCPU: used = 0 } = await readUsages(faulty.sound, provider);
    expect((await one(provider)).status).toBe(204);
    expect(await readUsages(faulty.sound, provider)).toEqual({ VCPU: used + 1 });
    expect((await logEntryOf(faulty.sound, provider)).entries).toBe(0);
  });

  test("whose answer is lost is applied once, with its change", async () => {
    const provider = await due();
    const { version } = await logEntryOf(faulty.sound, provider);
    const { VCPU: used = 0 } = await readUsages(faulty.sound, provider);
    faulty.interpose(loseAnswers(2, isJoint, lost));
    expect((await one(provider)).status).toBe(204);
    expect(await readUsages(faulty.sound, provider)).toEqual({ VCPU: used + 1 });
    expect((await logEntryOf(faulty.sound, provider)).version).toBe(version + 1);
  });

  test("goes with its change: nothing is appended for one that is refused", async () => {
    const provider = await due();
    const before = await logEntryOf(faulty.sound, provider);
    const tooMuch = { [provider]: { VCPU: 101 } };
    expect((await claim(faulty.api, randomUUID(), tooMuch)).status).toBe(409);
    expect(await logEntryOf(faulty.sound, provider)).toEqual(before);
    faulty.interpose(failBefore(ALWAYS, isLogAppend, lost));
    expect((await one(provider)).status).toBe(204);
    expect((await logEntryOf(faulty.sound, provider)).version).toBe(before.version + 1);
  });

  test("is due for a call of its own until there was one: a refused change has made none", async () => {
    const provider = await due();
    for (let count = 0; count < 3; count += 1) expect((await one(provider)).status).toBe(204);
    const tooMuch = { [provider]: { VCPU: 101 } };
    expect((await claim(faulty.api, randomUUID(), tooMuch)).status).toBe(409);
    let own = 0;
    faulty.interpose(async (call) => {
      own += Number(isLogAppend(call));
      return call.send();
    });
    expect((await one(provider)).status).toBe(204);
    expect(own).toBe(1);
  });

  test("lets logs stay short", async () => {
    const first = await makeProvider(faulty.sound, { VCPU: 10 });
    const sameLog: Uuid[] = [];
    while (sameLog.length < 2 * RESET_FROM) {
      const uuid = uuidOf(randomUUID());
      if (shardOf(uuid) % LOGS !== shardOf(first) % LOGS) continue;
      sameLog.push(await makeProvider(faulty.api, { VCPU: 10 }, { uuid }));
    }
    const { base } = await logEntryOf(faulty.sound, first);
    let longest = 0;
    for (const provider of sameLog) {
      await one(provider);
      longest = Math.max(longest, (await logEntryOf(faulty.sound, first)).entries);
    }
    expect(longest).toBeGreaterThanOrEqual(TRIM_FROM);
    expect(longest).toBeLessThan(RESET_FROM);
    expect((await logEntryOf(faulty.sound, first)).base).toBeGreaterThan(base);
  });
});
