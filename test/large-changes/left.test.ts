/** What a dead function left is finished by the local server, and told to readers that keep what they read. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { startFinishing } from "../../lib/local/recurring-tasks.ts";
import { NO_UUID } from "../../lib/model/uuid.ts";
import { consumerKey } from "../../lib/store/items/consumer.ts";
import { allocationsPk } from "../../lib/store/items/holder.ts";
import { hotKey } from "../../lib/store/items/hot.ts";
import type { Key } from "../../lib/store/table/item.ts";
import { type Api, startApi } from "../support/api.ts";
import { fastClock } from "../support/fast-clock.ts";
import {
  expectWhole,
  type LargeWorld,
  makeLargeWorld,
  readPosition,
  remains,
  reshapeBody,
} from "../support/large-world.ts";
import { type Death, isCommit, Mortality } from "../support/mortal.ts";
import { until } from "../support/until.ts";

const HOUR = 3_600_000;
const mortality = new Mortality();
let mortal: Api;
let other: Api;
let late: Api;
let world: LargeWorld;

// What a dead function would say is of no interest.
vi.spyOn(console, "error").mockImplementation(() => undefined);

beforeAll(async () => {
  mortal = await startApi({ connection: mortality.over });
  const { tableName } = mortal;
  other = await startApi({ tableName });
  late = await startApi({ tableName, clock: fastClock(Date.now() + HOUR) });
});
beforeEach(async () => {
  world = await makeLargeWorld(other);
});
afterEach(() => expectWhole(other));
afterAll(async () => {
  for (const api of [late, other, mortal]) await api.close();
});

async function leave(death: Death): Promise<void> {
  const body = await reshapeBody(other, world, await readPosition(other, world));
  const answer = await mortality.during(death, () =>
    mortal.request("POST", "/reshaper", { body, roles: "service" }),
  );
  expect(answer).toBe("died");
}

const isOver = async () => remains(await other.items()).length === 0 || undefined;

test.each([
  ["committed", { at: isCommit, when: "after" }, 1],
  ["undecided, and has expired,", { at: isCommit, when: "before" }, 0],
] as const)(
  "a change that is %s is finished when the local server starts",
  async (_, death, side) => {
    await leave(death);
    const before = late.logs.length;
    const line = () => late.logs.slice(before).find(({ message }) => message === "task");
    const stop = startFinishing(late.runtime);
    await until("nothing is left of the change", isOver);
    const { changed } = await until("the run is logged", async () => line());
    await stop();
    // Whoever asked for the change is dead, and has logged nothing.
    expect(changed).toEqual(expect.arrayContaining([...world.sides, ...world.consumers]));
    expect((await readPosition(other, world)).side).toBe(side);
  },
);

test("a cache is notified of every item that an undecided change may alter", async () => {
  await leave({ at: isCommit, when: "before" });
  const store = other.runtime.openStore({
    access: ["GetItem", "BatchGetItem", "Query"],
    deadline: Date.now() + 10_000,
  });
  const told: Key[] = [];
  const onPending = (key: Key) => told.push(key);
  const [consumer = NO_UUID] = world.consumers;
  const [from, to] = world.sides;
  expect(await store.get(consumerKey(consumer), { onPending })).toMatchObject({ g: 1 });
  expect(await store.batchGet([hotKey(from), hotKey(to)], { onPending })).toHaveLength(2);
  expect(await store.query(allocationsPk(to), { onPending })).toEqual([]);
  const absent = world.consumers.map((each) => ({ pk: allocationsPk(to), sk: `CONSUMER#${each}` }));
  expect(new Set(told)).toEqual(
    new Set([consumerKey(consumer), hotKey(from), hotKey(to), ...absent]),
  );
  const stop = startFinishing(late.runtime);
  await until("nothing is left of the change", isOver);
  await stop();
});
