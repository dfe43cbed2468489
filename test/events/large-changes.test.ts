/** The events of a large change: none before its decision, all after it, with what they have in common. */
import { beforeAll, expect, test } from "vitest";
import { feedAll, followAll } from "../support/events-feed.ts";
import { useFaulty } from "../support/frame.ts";
import type { ShownEvent } from "../support/history.ts";
import {
  type LargeWorld,
  makeLargeWorld,
  readPosition,
  reshapeBody,
  sweep,
} from "../support/large-world.ts";
import { isCommit } from "../support/mortal.ts";

const faulty = useFaulty({ events: "left" });
let world: LargeWorld;

beforeAll(async () => {
  world = await makeLargeWorld(faulty.api);
  await feedAll(faulty.sound);
});

/** What is in the feed beyond `after`, once all that is left was brought there. */
async function fed(after: string): Promise<readonly ShownEvent[]> {
  await feedAll(faulty.sound);
  return (await followAll(faulty.sound, { after })).events;
}

async function reshape() {
  const body = await reshapeBody(faulty.sound, world, await readPosition(faulty.sound, world));
  return faulty.api.request("POST", "/reshaper", { body, roles: "service" });
}

function expectAll(events: readonly ShownEvent[]): void {
  const size = world.consumers.length + world.sides.length;
  expect(events).toHaveLength(size);
  expect(new Set(events.map((each) => each.change_id)).size).toBe(1);
  expect(new Set(events.map((each) => each.change_size))).toEqual(new Set([size]));
  const subjects = [...world.consumers, ...world.sides];
  expect(new Set(events.map(({ subject }) => subject))).toEqual(new Set<string>(subjects));
}

test("none is shown before the decision, and all are from then on", async () => {
  const { next } = await followAll(faulty.sound);
  let before: readonly ShownEvent[] | undefined;
  let after: readonly ShownEvent[] | undefined;
  faulty.interpose(async (call) => {
    if (!isCommit(call) || before !== undefined) return call.send();
    before = await fed(next);
    const answer = await call.send();
    after = await fed(next);
    return answer;
  });
  expect((await reshape()).status).toBe(204);
  expect(before).toEqual([]);
  expectAll(after ?? []);
  expect(await fed(next)).toEqual(after);
});

test("a change that is aborted tells nothing", async () => {
  const { next } = await followAll(faulty.sound);
  faulty.interpose(async (call) => {
    if (isCommit(call)) throw new Error("the process dies");
    return call.send();
  });
  expect((await reshape()).status).toBeGreaterThanOrEqual(500);
  faulty.interpose(undefined);
  faulty.clock.pass(600_000);
  await sweep(faulty.api);
  expect(await fed(next)).toEqual([]);
  expect((await reshape()).status).toBe(204);
  expectAll(await fed(next));
});
