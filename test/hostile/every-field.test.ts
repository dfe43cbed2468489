/** Every field of every body, with every hostile value in its place. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Api, startApi } from "../support/api.ts";
import { crowd } from "../support/crowd.ts";
import { everyWrite, sendStep } from "../support/every-write.ts";
import { expectForeseen, HOSTILE_JSON, replacements } from "../support/hostile.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { makeProvider } from "../support/world.ts";

const WIDTH = 4;
let api: Api;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

test("is answered by a success or a refusal of its own, and the table stays whole", async () => {
  const provider = await makeProvider(api, { VCPU: 100 });
  let sent = 0;
  for (const step of everyWrite(provider)) {
    if (step.body === undefined || step.status >= 300) {
      expectForeseen(api, await sendStep(api, step), step.what);
      continue;
    }
    const bodies = HOSTILE_JSON.flatMap((text) => replacements(step.body, text));
    await crowd({ width: WIDTH, count: bodies.length }, async (index) => {
      const body = bodies[index] ?? "";
      const headers = { "content-type": "application/json" };
      const answer = await sendStep(api, { ...step, body }, headers);
      expectForeseen(api, answer, `${step.what} with ${body.slice(0, 500)}`);
    });
    sent += bodies.length;
    expectForeseen(api, await sendStep(api, step), step.what);
    expect(brokenInvariants(await api.items()), step.what).toEqual([]);
  }
  expect(sent).toBeGreaterThan(1_000);
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
}, 300_000);
