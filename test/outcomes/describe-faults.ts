/** Faults below the store's retries: what the client hears is what happened. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { operations } from "../../functions/index.ts";
import { isRead } from "../../lib/api/operation.ts";
import { matchRoute } from "../../lib/api/routes.ts";
import { isWrite } from "../support/between.ts";
import { everyWrite, sendStep } from "../support/every-write.ts";
import type { Fault } from "../support/faults.ts";
import { type Faulty, failBefore, loseAnswers } from "../support/faulty.ts";
import { useFaulty } from "../support/frame.ts";
import type { Repeats } from "../support/repeats.ts";
import { makeProvider, readUsages } from "../support/world.ts";

export interface Faults {
  /** No telling whether the write was done. */
  readonly losses: readonly Fault[];
  /** Refused, before anything was done. */
  readonly refusals: readonly Fault[];
  /** What a read may fail with. */
  readonly ofReads: readonly Fault[];
}

/** Walks through every write under each of `faults`. */
export function describeFaults(repeats: Repeats, { losses, refusals, ofReads }: Faults): void {
  const faulty = useFaulty({ verified: "after-each", repeats });
  let provider: string;

  /** The same answers, and the same table, as without faults. */
  async function expectUnharmed(disturb: () => Parameters<Faulty["interpose"]>[0]): Promise<void> {
    provider = await makeProvider(faulty.sound, { VCPU: 100 });
    for (const step of everyWrite(provider)) {
      faulty.interpose(disturb());
      const answer = await sendStep(faulty.api, step);
      expect(answer.status, `${step.what}: ${JSON.stringify(answer.body)}`).toBe(step.status);
    }
    faulty.interpose(undefined);
    expect(await readUsages(faulty.sound, provider)).toEqual({ VCPU: 0 });
  }

  test("every operation that writes is among the writes, with a success", () => {
    const done = everyWrite("provider")
      .filter(({ status }) => status < 300)
      .map(
        ({ method, path }) => matchRoute(operations, method, path.split("?")[0] ?? "")?.operation,
      );
    const missing = operations.filter((each) => !isRead(each) && !done.includes(each));
    expect(missing.map(({ id }) => id)).toEqual([]);
  });

  describe.each(losses)("%s", (_, error) => {
    test("after the write is made good by sending the same write again", async () => {
      await expectUnharmed(() => loseAnswers(2, isWrite, error));
    });

    test("before the write is made good by sending the same write again", async () => {
      await expectUnharmed(() => failBefore(2, isWrite, error));
    });
  });

  describe.each(refusals)("%s", (_, error) => {
    test("is waited out, and told to nobody", async () => {
      await expectUnharmed(() => failBefore(3, isWrite, error));
    });
  });

  test.each(ofReads)("reads are repeated after %s", async (_, error) => {
    await expectUnharmed(() => failBefore(3, (call) => !isWrite(call), error));
  });

  const denied = () =>
    Object.assign(new Error("denied"), {
      name: "AccessDeniedException",
      $metadata: { httpStatusCode: 400 },
    });

  /** From the first write on that is done, nothing can be read. */
  function blindAfterCommit(): Parameters<Faulty["interpose"]>[0] {
    let done = false;
    return async (call) => {
      if (done && ["Get", "BatchGet", "Query"].includes(call.command)) throw denied();
      const answer = await call.send();
      done ||= isWrite(call);
      return answer;
    };
  }

  test.each([
    ["", () => ({})],
    [" and whose answer is kept", () => ({ "idempotency-key": randomUUID() })],
  ])(
    "a write that was done%s is acknowledged, whatever can be read after it",
    async (_, headers) => {
      provider = await makeProvider(faulty.sound, { VCPU: 100 });
      for (const step of everyWrite(provider)) {
        faulty.interpose(blindAfterCommit());
        const answer = await sendStep(faulty.api, step, headers());
        expect(answer.status, `${step.what}: ${JSON.stringify(answer.body)}`).toBe(step.status);
      }
    },
  );
}
