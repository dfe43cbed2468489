/** Every field of every body, with every hostile value in its place. */
import { expect, test } from "vitest";
import { operations } from "../../functions/index.ts";
import { matchRoute } from "../../lib/api/routes.ts";
import { crowd } from "../support/crowd.ts";
import { everyWrite, sendStep, type WriteStep } from "../support/every-write.ts";
import { useApi } from "../support/frame.ts";
import { expectForeseen, HOSTILE_JSON, replacements } from "../support/hostile.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { makeProvider } from "../support/world.ts";

const WIDTH = 4;
const api = useApi();

/** Bodies of one operation are of one shape, as far as hostile values are concerned. */
function shapeOf({ method, path, version }: WriteStep): string {
  const id = matchRoute(operations, method, path.split("?")[0] ?? "")?.operation.id;
  return `${id} ${version}`;
}

test("is answered by a success or a refusal of its own, and the table stays whole", async () => {
  const provider = await makeProvider(api, { VCPU: 100 });
  const seen = new Set<string>();
  let sent = 0;
  for (const step of everyWrite(provider)) {
    const shape = shapeOf(step);
    if (step.body === undefined || step.status >= 300 || seen.has(shape)) {
      expectForeseen(api, await sendStep(api, step), step.what);
      continue;
    }
    seen.add(shape);
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
