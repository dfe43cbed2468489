/** Followers that wait: they are answered as soon as something happens, and are bounded. */
import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { eventsPath, follow, followAll } from "../support/events-feed.ts";
import { useApi } from "../support/frame.ts";
import { until } from "../support/until.ts";
import { claim, makeProvider } from "../support/world.ts";

const WAITERS = 3;
const api = useApi({ events: "fed", eventWaiters: WAITERS });
let host: string;

beforeAll(async () => {
  host = await makeProvider(api, { VCPU: 1_000 });
  await until("the host is told of", async () => {
    return (await followAll(api)).events.length >= 2 ? true : undefined;
  });
});

const now = async () => (await followAll(api)).next;

test("a change is told to who waits for it", async () => {
  const after = await now();
  const waiting = follow(api, `?after=${after}&wait=20`);
  const consumer = randomUUID();
  await claim(api, consumer, { [host]: { VCPU: 1 } });
  const { events } = await waiting;
  expect(events.map(({ subject }) => subject)).toEqual([consumer]);
});

test("who waits for one subject is not woken by others", async () => {
  const after = await now();
  const [mine, other] = [randomUUID(), randomUUID()];
  const waiting = follow(api, `?after=${after}&wait=20&subject=${mine}`);
  await claim(api, other, { [host]: { VCPU: 1 } });
  await until("the other is told of", async () => {
    const { events } = await follow(api, `?after=${after}&subject=${other}`);
    return events.length > 0 ? true : undefined;
  });
  await claim(api, mine, { [host]: { VCPU: 1 } });
  expect((await waiting).events.map(({ subject }) => subject)).toEqual([mine]);
});

test("without an event, the answer comes when the time is over, and has a cursor", async () => {
  const after = await now();
  const { events, next } = await follow(api, `?after=${after}&wait=1`);
  expect([events, next]).toEqual([[], after]);
});

test("more may not wait than are allowed, and a place is free again afterwards", async () => {
  const after = await now();
  const subject = randomUUID();
  const path = eventsPath(`?after=${after}&wait=20&subject=${subject}`);
  const waiting = Array.from({ length: WAITERS + 1 }, () => api.request("GET", path));
  // The others wait for what has not happened yet.
  const refused = await Promise.race(waiting);
  expect([refused.status, refused.headers["retry-after"]]).toEqual([503, "1"]);
  expect(refused.body.errors[0].detail).toContain("3 requests wait for events already");
  // Who does not wait is answered.
  expect((await follow(api, `?after=${after}`)).events).toEqual([]);
  await claim(api, subject, { [host]: { VCPU: 1 } });
  const told = (await Promise.all(waiting)).filter((answer) => answer !== refused);
  expect(told).toHaveLength(WAITERS);
  for (const { status, body } of told) expect([status, body.events.length]).toEqual([200, 1]);
  expect((await follow(api, `?after=${after}&wait=1&subject=${subject}`)).events).toHaveLength(1);
});

test.each(["21", "-1", "1.5", "x", "", "020"])("nobody waits for '%s' seconds", async (wait) => {
  expect((await api.request("GET", eventsPath(`?wait=${wait}`))).status).toBe(400);
});
