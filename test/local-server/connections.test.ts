/** How a local server's writes are recognised, and what it removes of ended processes. */
import { expect, test } from "vitest";
import { systemClock } from "../../lib/api/system-clock.ts";
import { systemRandom } from "../../lib/api/system-random.ts";
import { connectTo, removeLeftAttempts } from "../../lib/local/connections.ts";
import type { Engine } from "../../lib/local/engine.ts";
import { ATTEMPTS, attemptSlots } from "../../lib/store/items/attempt.ts";
import { useApi } from "../support/frame.ts";
import { makeProvider } from "../support/world.ts";

const engine = {} as Engine;
const api = useApi({ repeats: "attempts" });
const parts = { clock: systemClock, random: systemRandom };

const locationOf = (of: Engine | undefined) => ({
  endpoint: api.endpoint,
  tableName: api.tableName,
  words: "folder data",
  engine: of,
});

const left = async () => (await api.items()).filter(({ pk }) => pk === ATTEMPTS).length;

test("the embedded engine is written with attempts of a new process, another DynamoDB with tokens", () => {
  const [first, second] = [connectTo(locationOf(engine)), connectTo(locationOf(engine))];
  const elsewhere = connectTo(locationOf(undefined));
  expect(elsewhere.attempts).toBeUndefined();
  expect(first.attempts?.items.process).toMatch(/^[0-9a-f-]{36}$/);
  expect(second.attempts?.items.process).not.toBe(first.attempts?.items.process);
  for (const each of [first, second, elsewhere]) each.client.destroy();
});

test("attempts of ended processes are removed from the engine's table, and from no other", async () => {
  await makeProvider(api, { VCPU: 1 });
  expect(await left()).toBe(1);
  const elsewhere = connectTo(locationOf(undefined));
  await removeLeftAttempts(locationOf(undefined), elsewhere, parts);
  expect(await left()).toBe(1);
  const next = { ...elsewhere, attempts: attemptSlots("next") };
  await removeLeftAttempts(locationOf(engine), next, parts);
  expect(await left()).toBe(0);
  elsewhere.client.destroy();
});
