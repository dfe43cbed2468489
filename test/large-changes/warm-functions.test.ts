/** A change of more items than one transaction holds is seen whole by a warm function, or not at all. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { View } from "../../lib/store/cache/snapshot/view.ts";
import { shardOf } from "../../lib/store/items/shard.ts";
import type { Call } from "../support/interpose.ts";
import {
  AMOUNT,
  expectWhole,
  type LargeWorld,
  makeLargeWorld,
  type Position,
  reshapeBody,
} from "../support/large-world.ts";
import { startWarm, type Warm } from "../support/warm.ts";

let warm: Warm;
let world: LargeWorld;
let position: Position = { side: 0, consumerGeneration: 1 };

beforeAll(async () => {
  warm = await startWarm();
  world = await makeLargeWorld(warm.writer);
  await warm.exactView();
});
afterEach(() => {
  warm.holdReader(undefined);
  warm.holdWriter(undefined);
});
afterAll(() => warm.close());

async function reshape(): Promise<void> {
  const body = await reshapeBody(warm.writer, world, position);
  const answer = await warm.writer.request("POST", "/reshaper", { body, roles: "service,admin" });
  expect(answer.status).toBe(204);
  position = {
    side: position.side === 0 ? 1 : 0,
    consumerGeneration: position.consumerGeneration + 1,
  };
}

/** The side that has the inventory, and all that is used of it. */
function sideIn(view: View): number {
  const states = world.sides.map((uuid) => view.find(shardOf(uuid), uuid)?.state);
  const has = states.map((state) => state?.inventories.has(0));
  expect(has).toContain(true);
  expect(has).toContain(false);
  const side = has.indexOf(true);
  expect(states[side]?.inventories.get(0)?.used).toBe(world.consumers.length * AMOUNT);
  expect(states[1 - side]?.consumers).toBe(0);
  return side;
}

test("at every moment of the change at which the function reads", async () => {
  for (let round = 0; round < 2; round += 1) {
    const { side } = position;
    const seen: number[] = [];
    let looking = false;
    warm.holdWriter(async (call) => {
      // Two looks: what the first one took in must not outlive the decision.
      for (let look = 0; look < 2 && !looking; look += 1) {
        looking = true;
        seen.push(sideIn(await warm.view()));
        looking = false;
      }
      return call.send();
    });
    await reshape();
    warm.holdWriter(undefined);
    seen.push(sideIn(await warm.view()));
    expect(seen[0]).toBe(side);
    expect(seen.at(-1)).toBe(1 - side);
    // Once it is seen it stays.
    expect(seen).toEqual(seen.toSorted((a, b) => (side === 0 ? a - b : b - a)));
    await warm.exactView();
  }
  await expectWhole(warm.writer);
});

test("at every moment of the function's read at which the change is made", async () => {
  for (let moment = 0; moment < 12; moment += 1) {
    let calls = 0;
    warm.holdReader(async (call: Call) => {
      calls += 1;
      if (calls === moment + 1) await reshape();
      return call.send();
    });
    sideIn(await warm.view());
    warm.holdReader(undefined);
    expect(sideIn(await warm.view())).toBe(position.side);
    await warm.exactView();
  }
});

test("a function that reads everything reads it whole", async () => {
  for (const moment of [2, 15, 30, 34]) {
    let calls = 0;
    warm.clock.pass(60_001);
    warm.holdReader(async (call: Call) => {
      calls += 1;
      if (calls === moment) await reshape();
      return call.send();
    });
    sideIn(await warm.view());
    expect(calls).toBeGreaterThan(moment);
    warm.holdReader(undefined);
    expect(sideIn(await warm.exactView())).toBe(position.side);
  }
});
