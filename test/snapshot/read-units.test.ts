/** The cost of a function's snapshot in read units. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { coldView, writeAllPages } from "../support/cold.ts";
import { fleetProvider, fleetUuid } from "../support/fleet.ts";
import { seedProviders } from "../support/seeded.ts";
import { startWarm, type Warm } from "../support/warm.ts";
import { claim } from "../support/world.ts";

const COUNT = 1_000;
/** The shard logs with the commit index beside them; and the commit index once more. */
const HEADS = 16 + 1;
const GATE = 1;
/** Half a unit for each shard, whether its page is there or not. */
const NO_PAGES = 16;
const uuids: Uuid[] = Array.from({ length: COUNT }, (_, index) => fleetUuid(1, index));
let warm: Warm;

beforeAll(async () => {
  warm = await startWarm();
  const traits = Array.from({ length: 60 }, (_, index) => 3 * index);
  const providers = uuids.map((uuid) => fleetProvider({ uuid, traits, totals: { 0: 64 } }));
  await seedProviders(warm.writer, providers);
});
afterAll(() => warm.close());

test("cold, without pages: all states, and all profiles once", async () => {
  expect((await warm.view()).providers()).toHaveLength(COUNT);
  const { units } = warm.reads();
  console.log(`cold, ${COUNT} providers with one class and 60 traits: ${units} units`);
  expect(units).toBeLessThanOrEqual(2 * 52 + HEADS + NO_PAGES);
});

test("cold, with pages: all states, and half a unit for each page of 4 KB", async () => {
  await writeAllPages(warm.writer);
  const { view, units } = await coldView(warm.writer);
  expect(view.providers()).toHaveLength(COUNT);
  console.log(`cold with pages, ${COUNT} providers with one class and 60 traits: ${units} units`);
  expect(units).toBeLessThanOrEqual(52 + HEADS + NO_PAGES);
});

test("a full reading of a warm function: 44 units for 1,000 states, and the shard logs", async () => {
  warm.clock.pass(60_001);
  await warm.view();
  const { units } = warm.reads();
  console.log(`full, ${COUNT} providers with one class: ${units} units`);
  expect(units).toBeLessThanOrEqual(44 + HEADS);
});

test("ten changes: a unit for each, and the shard logs", async () => {
  for (const uuid of uuids.slice(0, 10)) {
    expect((await claim(warm.writer, randomUUID(), { [uuid]: { VCPU: 1 } })).status).toBe(204);
  }
  warm.reads();
  await warm.view();
  const { units } = warm.reads();
  console.log(`ten changes: ${units} units`);
  // DynamoDB Local counts otherwise than AWS.
  if (inject("engine") === "dynoxide") expect(units).toBeLessThanOrEqual(10 + HEADS + GATE);
});

test("no change: the shard logs", async () => {
  await warm.view();
  const { units } = warm.reads();
  if (inject("engine") === "dynoxide") expect(units).toBeLessThanOrEqual(HEADS);
});
