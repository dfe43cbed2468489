/** Faults that do not end before the request's time does. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { ATTEMPTS } from "../../lib/store/items/attempt.ts";
import { isWrite } from "../support/between.ts";
import { CONFLICTS, LOSSES, THROTTLES } from "../support/faults.ts";
import { failBefore, loseAnswers } from "../support/faulty.ts";
import { useFaulty } from "../support/frame.ts";
import type { Call } from "../support/interpose.ts";
import { REPEATS } from "../support/repeats.ts";
import {
  claim,
  detailOf,
  makeProvider,
  putInventories,
  readProvider,
  readUsages,
} from "../support/world.ts";

/** Beyond API Gateway's 30 seconds no client waits. */
const LIMIT = 30_000;
describe.each(REPEATS)("with %s", (repeats) => {
  const faulty = useFaulty({ verified: "after-each", repeats });
  let provider: string;

  beforeAll(async () => {
    provider = await makeProvider(faulty.sound, { VCPU: 100 });
  });

  const refused = (error: () => Error) => failBefore(Number.POSITIVE_INFINITY, isWrite, error);

  describe.each([...Object.entries(CONFLICTS), ...Object.entries(THROTTLES)])("%s", (_, error) => {
    test("without end is 503 with Retry-After, and nothing is written", async () => {
      const before = await faulty.sound.items();
      const slept = faulty.clock.slept;
      faulty.interpose(refused(error));
      const answer = await claim(faulty.api, randomUUID(), { [provider]: { VCPU: 1 } });
      expect(answer.status).toBe(503);
      expect(answer.headers["retry-after"]).toBe("1");
      expect(detailOf(answer)).toContain("nothing was written");
      expect(faulty.clock.slept - slept).toBeLessThan(LIMIT);
      expect(await faulty.sound.items()).toEqual(before);
    });
  });

  describe.each(Object.entries(LOSSES))("%s", (_, error) => {
    test("without end is 503 that tells that the outcome is unknown", async () => {
      const slept = faulty.clock.slept;
      faulty.interpose(refused(error));
      const answer = await claim(faulty.api, randomUUID(), { [provider]: { VCPU: 1 } });
      expect(answer.status).toBe(503);
      expect(answer.headers).not.toHaveProperty("retry-after");
      expect(detailOf(answer)).toContain("whether it was applied is unknown");
      expect(faulty.clock.slept - slept).toBeLessThan(LIMIT);
    });

    test("of reads without end is 503 with Retry-After", async () => {
      faulty.interpose(failBefore(Number.POSITIVE_INFINITY, (call) => !isWrite(call), error));
      const answer = await putInventories(faulty.api, provider, 1, { VCPU: 1 });
      expect(answer.status).toBe(503);
      expect(answer.headers["retry-after"]).toBe("1");
    });
  });

  test("a write that was applied and never answered is unknown, not refused", async () => {
    const { VCPU: used = 0 } = await readUsages(faulty.sound, provider);
    faulty.interpose(loseAnswers(Number.POSITIVE_INFINITY, isWrite, () => new Error("lost")));
    const answer = await claim(faulty.api, randomUUID(), { [provider]: { VCPU: 1 } });
    expect(answer.status).toBe(503);
    expect(answer.headers).not.toHaveProperty("retry-after");
    expect(await readUsages(faulty.sound, provider)).toEqual({ VCPU: used + 1 });
  });

  test("conflicts after a lost answer do not make it a certain one", async () => {
    let calls = 0;
    const conflict = Object.values(CONFLICTS)[1] as () => Error;
    faulty.interpose(async (call) => {
      if (!isWrite(call)) return call.send();
      calls += 1;
      if (calls > 1) throw conflict();
      await call.send();
      throw new Error("lost");
    });
    const answer = await claim(faulty.api, randomUUID(), { [provider]: { VCPU: 1 } });
    expect(answer.status).toBe(503);
    expect(answer.headers).not.toHaveProperty("retry-after");
  });

  const refusedAs = (name: string, message: string) => () =>
    Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });

  test.each([
    ["of the caller", refusedAs("AccessDeniedException", "denied"), 1],
    ["of the size", refusedAs("ValidationException", "Item size has exceeded the limit"), 0],
  ])(
    "a refusal for good after a lost answer leaves the outcome unknown: one %s",
    async (_, refusal, logged) => {
      let calls = 0;
      const { VCPU: used = 0 } = await readUsages(faulty.sound, provider);
      faulty.interpose(async (call) => {
        if (!isWrite(call)) return call.send();
        calls += 1;
        if (calls > 1) throw refusal();
        await call.send();
        throw new Error("lost");
      });
      const errors = () => faulty.api.logs.filter(({ level }) => level === "ERROR").length;
      const before = errors();
      const answer = await claim(faulty.api, randomUUID(), { [provider]: { VCPU: 1 } });
      expect(answer.status).toBe(503);
      expect(answer.headers).not.toHaveProperty("retry-after");
      expect(detailOf(answer)).toContain("whether it was applied is unknown");
      expect(await readUsages(faulty.sound, provider)).toEqual({ VCPU: used + 1 });
      // What the caller is not told, the operator is.
      expect(errors() - before).toBe(logged);
    },
  );

  test("a refusal for good of a first try is no lost answer", async () => {
    const message = "Item size has exceeded the maximum allowed size";
    faulty.interpose(refused(refusedAs("ValidationException", message)));
    const answer = await claim(faulty.api, randomUUID(), { [provider]: { VCPU: 1 } });
    expect(answer.status).toBe(400);
    expect(detailOf(answer)).toContain("Nothing was written");
  });

  test("a write whose answer was lost has succeeded, whoever wrote since", async () => {
    const consumer = randomUUID();
    let calls = 0;
    faulty.interpose(async (call) => {
      if (!isWrite(call)) return call.send();
      calls += 1;
      if (calls > 1) return call.send();
      await call.send();
      await claim(faulty.sound, consumer, { [provider]: { VCPU: 2 } }, 1);
      throw new Error("lost");
    });
    const answer = await claim(faulty.api, consumer, { [provider]: { VCPU: 1 } });
    expect(answer.status).toBe(204);
    expect(calls).toBe(2);
  });

  const tokenIn = (sent: string | undefined) => JSON.parse(sent ?? "").ClientRequestToken;

  test("the same body and token are sent until there is an answer", async () => {
    const sent: string[] = [];
    faulty.interpose(async (call: Call) => {
      if (!isWrite(call)) return call.send();
      sent.push(JSON.stringify(call.input));
      if (sent.length < 4) throw new Error("lost");
      return call.send();
    });
    await claim(faulty.api, randomUUID(), { [provider]: { VCPU: 1 } });
    expect(sent).toHaveLength(4);
    expect(new Set(sent).size).toBe(1);
    if (repeats === "tokens") expect(tokenIn(sent[0])).toMatch(/^[0-9a-f-]{36}$/);
    else expect(sent[0]).toContain(ATTEMPTS);
  });

  test("every write of the store can be recognised, a single item's too", async () => {
    const commands = new Set<string>();
    faulty.interpose(async (call) => {
      const isRecognised =
        repeats === "tokens"
          ? call.input["ClientRequestToken"] !== undefined
          : call.keys[0]?.pk === ATTEMPTS;
      if (!isRecognised) commands.add(call.command);
      return call.send();
    });
    const { generation } = await readProvider(faulty.sound, provider);
    await putInventories(faulty.api, provider, generation, { VCPU: 100 });
    await claim(faulty.api, randomUUID(), { [provider]: { VCPU: 1 } });
    // Appends are plain updates, which may be repeated.
    expect([...commands].sort()).toEqual(["Get", "Update"]);
  });
});
