/** Keys under faults: lost answers, functions that crash, appends that failed. */

import { randomUUID } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import { finishChanges } from "../../functions/maintenance/finish-changes.ts";
import { taskLambda } from "../../lib/api/task.ts";
import { ATTEMPTS } from "../../lib/store/items/attempt.ts";
import { LOG } from "../../lib/store/items/shard-log.ts";
import type { Item } from "../support/api.ts";
import { isWrite } from "../support/between.ts";
import { chance } from "../support/chance.ts";
import { LOSSES, LOST, THROTTLES } from "../support/faults.ts";
import { failBefore, loseAnswers } from "../support/faulty.ts";
import { useFaulty } from "../support/frame.ts";
import type { Call, Interposer } from "../support/interpose.ts";
import { isReplayed, keptIn, keyed, largeBody, withoutShardLogs } from "../support/keyed.ts";
import { REPEATS } from "../support/repeats.ts";
import { isLogAppend, logEntryOf } from "../support/shard-logs.ts";
import {
  claim,
  detailOf,
  makeProvider,
  putInventories,
  readClaim,
  readUsages,
} from "../support/world.ts";
import { repeatsAfter } from "./repeats-after.ts";

// Some walk through every write, one after the other.
vi.setConfig({ testTimeout: 120_000 });

const random = chance("a lost answer of a write under a key");
const ALWAYS = Number.POSITIVE_INFINITY;
const lost = LOSSES["a timeout"] as () => Error;
/** A refusal after a lost answer leaves a number in its process's slot. */
const withoutProtocol = (items: readonly Item[]) =>
  withoutShardLogs(items).filter(({ pk }) => pk !== ATTEMPTS);

describe.each(REPEATS)("with %s", (repeats) => {
  const faulty = useFaulty({ repeats });

  repeatsAfter([random.pick(LOST)], faulty);

  /** The function hears nothing more from its first matching call on, which is done. */
  function dieAfter(matches: (call: Call) => boolean): Interposer {
    let dead = false;
    return async (call) => {
      if (dead) throw lost();
      const answer = await call.send();
      if (!matches(call)) return answer;
      dead = true;
      throw lost();
    };
  }

  describe("an unknown outcome", () => {
    const isOwnWrite = (call: Call) =>
      isWrite(call) && call.keys.some(({ pk }) => pk.startsWith("IDEMPOTENCY#"));

    test("of a write that was applied is resolved by a repeat", async () => {
      const provider = await makeProvider(faulty.sound, { VCPU: 10 });
      const consumer = randomUUID();
      const options = { headers: keyed(randomUUID()) };
      const held = { [provider]: { VCPU: 3 } };
      faulty.interpose(dieAfter(isOwnWrite));
      const first = await claim(faulty.api, consumer, held, null, options);
      expect(first.status).toBe(503);
      faulty.interpose(undefined);
      const second = await claim(faulty.api, consumer, held, null, options);
      expect(second.status).toBe(204);
      expect(isReplayed(second)).toBe(true);
      expect(await readClaim(faulty.sound, consumer)).toEqual({ held, generation: 1 });
      expect(await readUsages(faulty.sound, provider)).toEqual({ VCPU: 3 });
    });

    test("is none where the record can be read: the request is answered with success", async () => {
      const provider = await makeProvider(faulty.sound, { VCPU: 10 });
      const options = { headers: keyed(randomUUID()) };
      faulty.interpose(loseAnswers(ALWAYS, isOwnWrite, lost));
      const answer = await claim(
        faulty.api,
        randomUUID(),
        { [provider]: { VCPU: 3 } },
        null,
        options,
      );
      expect(answer.status).toBe(204);
      expect(await readUsages(faulty.sound, provider)).toEqual({ VCPU: 3 });
    });

    test("of a write that was not applied is told, and a repeat does it", async () => {
      const provider = await makeProvider(faulty.sound, { VCPU: 10 });
      const consumer = randomUUID();
      const options = { headers: keyed(randomUUID()) };
      const held = { [provider]: { VCPU: 3 } };
      faulty.interpose(failBefore(ALWAYS, isOwnWrite, lost));
      const first = await claim(faulty.api, consumer, held, null, options);
      expect(first.status).toBe(503);
      expect(first.headers["retry-after"]).toBe("1");
      expect(detailOf(first)).toContain("Please send it again with the same Idempotency-Key.");
      faulty.interpose(undefined);
      const second = await claim(faulty.api, consumer, held, null, options);
      expect(second.status).toBe(204);
      expect(isReplayed(second)).toBe(false);
      expect(await readUsages(faulty.sound, provider)).toEqual({ VCPU: 3 });
    });

    test("of a large change is resolved by a repeat", async () => {
      const providers = [
        await makeProvider(faulty.sound, { VCPU: 90 }),
        await makeProvider(faulty.sound, { VCPU: 90 }),
      ];
      const given = { body: largeBody(providers), headers: keyed(randomUUID()) };
      faulty.interpose(
        dieAfter((call) => isWrite(call) && call.keys.some(({ sk }) => sk === "COMMITTED")),
      );
      const first = await faulty.api.request("POST", "/allocations", given);
      expect(first.status).toBe(503);
      faulty.interpose(undefined);
      const second = await faulty.sound.request("POST", "/allocations", given);
      expect(second.status).toBe(204);
      expect(isReplayed(second)).toBe(true);
      for (const provider of providers) {
        expect(await readUsages(faulty.sound, provider)).toEqual({ VCPU: 40 });
      }
      await taskLambda(finishChanges, async () => faulty.sound.runtime)({});
    });
  });

  test("the record and the change are one transaction", async () => {
    const provider = await makeProvider(faulty.sound, { VCPU: 10 });
    const sent: string[][] = [];
    faulty.interpose(async (call) => {
      if (isWrite(call)) sent.push(call.keys.map(({ pk }) => pk.split("#")[0] ?? ""));
      return call.send();
    });
    const options = { headers: keyed(randomUUID()) };
    await claim(faulty.api, randomUUID(), { [provider]: { VCPU: 3 } }, null, options);
    const own = repeats === "attempts" ? [ATTEMPTS] : [];
    const kinds = sent.map((call) => call.filter((kind) => kind !== LOG));
    const written = ["CONSUMER", "SHARD", "ALLOCATIONS", "PROJECT", "IDEMPOTENCY", "EVENT"];
    expect(kinds).toEqual([[...own, ...written]]);
  });

  test("a repeat appends what the first did not append", async () => {
    const provider = await makeProvider(faulty.sound, { VCPU: 10 });
    const options = { headers: keyed(randomUUID()) };
    const consumer = randomUUID();
    const send = () => claim(faulty.api, consumer, { [provider]: { VCPU: 3 } }, null, options);
    const version = async () => (await logEntryOf(faulty.sound, provider)).version;
    const before = await version();
    faulty.interpose(failBefore(ALWAYS, isLogAppend, lost));
    expect((await send()).status).toBe(204);
    expect(await version()).toBe(before);
    faulty.interpose(undefined);
    expect(isReplayed(await send())).toBe(true);
    expect(await version()).toBe(before + 1);
  });

  test("a key that is busy is waited for, and throttling told to nobody", async () => {
    for (const [what, error] of Object.entries(THROTTLES)) {
      const headers = keyed(randomUUID());
      const given = { body: { name: randomUUID() }, headers };
      faulty.interpose(failBefore(2, isWrite, error));
      const first = await faulty.api.request("POST", "/resource_providers", given);
      expect(first.status, what).toBe(200);
      expect((await faulty.sound.request("POST", "/resource_providers", given)).body).toEqual(
        first.body,
      );
    }
  });

  test("what is refused leaves no record, whatever goes wrong meanwhile", async () => {
    const provider = await makeProvider(faulty.sound, { VCPU: 1 });
    const before = keptIn(await faulty.sound.items());
    const table = withoutProtocol(await faulty.sound.items());
    for (const error of Object.values(LOSSES)) {
      faulty.interpose(loseAnswers(2, isWrite, error));
      const options = { headers: keyed(randomUUID()) };
      const answer = await claim(
        faulty.api,
        randomUUID(),
        { [provider]: { VCPU: 2 } },
        null,
        options,
      );
      expect(answer.status).toBe(409);
    }
    expect(keptIn(await faulty.sound.items())).toEqual(before);
    expect(withoutProtocol(await faulty.sound.items())).toEqual(table);
    expect((await putInventories(faulty.sound, provider, 1, { VCPU: 2 })).status).toBe(200);
  });
});
