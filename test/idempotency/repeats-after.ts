import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { isWrite } from "../support/between.ts";
import { everyWrite, sendStep } from "../support/every-write.ts";
import type { Fault } from "../support/faults.ts";
import { loseAnswers } from "../support/faulty.ts";
import type { useFaulty } from "../support/frame.ts";
import { keyed, told } from "../support/keyed.ts";
import { makeProvider, readUsages } from "../support/world.ts";

type FaultyApi = ReturnType<typeof useFaulty>;

const SECOND = 1_000;

/** Every write under a key of its own is repeated after each of `losses`. */
export function repeatsAfter(losses: readonly Fault[], faulty: FaultyApi): void {
  describe.each(losses)("%s", (_, error) => {
    test("after the write is made good, and a repeat is answered alike", async () => {
      const provider = await makeProvider(faulty.sound, { VCPU: 100 });
      for (const step of everyWrite(provider)) {
        const headers = keyed(randomUUID());
        const losing = loseAnswers(2, isWrite, error);
        faulty.interpose((call) => {
          // An answer that reads the clock once more would tell another second.
          if (isWrite(call)) faulty.clock.pass(SECOND);
          return losing(call);
        });
        const first = await sendStep(faulty.api, step, headers);
        expect(first.status, `${step.what}: ${JSON.stringify(first.body)}`).toBe(step.status);
        const second = await sendStep(faulty.sound, step, headers);
        if (first.status < 300) expect(told(second), step.what).toEqual(told(first));
        else expect(second.status, step.what).toBe(first.status);
      }
      expect(await readUsages(faulty.sound, provider)).toEqual({ VCPU: 0 });
    });
  });
}
