/** Cursors whose place is gone: of another epoch, or of events that are kept no longer. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { beginEpoch } from "../../lib/store/maintenance/begin-epoch.ts";
import { deleteExpired } from "../../lib/store/maintenance/delete-expired.ts";
import { noteFeed } from "../../lib/store/maintenance/feed-state.ts";
import { verifyItems } from "../../lib/store/maintenance/verify/verify-items.ts";
import { WRITING } from "../../lib/store/table/connection.ts";
import type { Api } from "../support/api.ts";
import { startApi } from "../support/api.ts";
import { eventsPath, feedAll, follow, followAll } from "../support/events-feed.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { fastClock } from "../support/fast-clock.ts";
import { claim, makeProvider, release } from "../support/world.ts";

const DAY = 86_400_000;

async function withApi(use: (api: Api, pass: (ms: number) => void) => Promise<void>) {
  const clock = fastClock(1_800_000_000_000);
  const configuration = { historyDays: 2 };
  const api = await startApi({ clock, events: "left", configuration });
  try {
    await use(api, clock.pass);
  } finally {
    await api.close();
  }
}

const storeOf = ({ runtime }: Api) =>
  runtime.openStore({ access: ["Scan", ...WRITING], deadline: runtime.clock.now() + 60_000 });

const OTHER = { status: 410, code: "placement.events.other_epoch" };
const EXPIRED = { status: 410, code: "placement.events.cursor_expired" };

const gone = async (api: Api, after: string, expected: { status: number; code: string }) =>
  expectRefusal(await api.request("GET", eventsPath(`?after=${after}`)), expected);

async function hostOf(api: Api): Promise<string> {
  const host = await makeProvider(api, { VCPU: 100 });
  await feedAll(api);
  return host;
}

test("a cursor from before a restore is of another epoch, and one begins anew", () =>
  withApi(async (api) => {
    const host = await hostOf(api);
    const { next } = await followAll(api);
    await beginEpoch(storeOf(api));
    await gone(api, next, OTHER);
    const anew = await followAll(api);
    expect(anew.events.map(({ subject }) => subject)).toEqual([host, host]);
    await claim(api, randomUUID(), { [host]: { VCPU: 1 } });
    await feedAll(api);
    expect((await follow(api, `?after=${anew.next}`)).events).toHaveLength(1);
  }));

test("a cursor from before a time without a feed is of another era", () =>
  withApi(async (api) => {
    await hostOf(api);
    const { next } = await followAll(api);
    await noteFeed(storeOf(api), true);
    expect((await follow(api, `?after=${next}`)).events).toEqual([]);
    await noteFeed(storeOf(api), false);
    await gone(api, next, OTHER);
    await noteFeed(storeOf(api), true);
    await gone(api, next, OTHER);
    const later = (await followAll(api)).next;
    await noteFeed(storeOf(api), true);
    expect((await follow(api, `?after=${later}`)).events).toEqual([]);
  }));

test("a cursor whose next event has expired is told so, whether it was deleted or not", () =>
  withApi(async (api, pass) => {
    const host = await hostOf(api);
    const consumer = randomUUID();
    const { next: early } = await followAll(api);
    await claim(api, consumer, { [host]: { VCPU: 1 } });
    await feedAll(api);
    const { next: late } = await followAll(api);
    pass(DAY);
    await release(api, consumer);
    await feedAll(api);
    expect((await follow(api, `?after=${early}`)).events).toHaveLength(2);
    pass(DAY + 2_000);
    const kept = async () => {
      await gone(api, early, EXPIRED);
      const { events } = await follow(api, `?after=${late}`);
      expect(events.map(({ event }) => event)).toEqual(["placement.allocation.delete"]);
      expect((await followAll(api)).events).toEqual(events);
    };
    await kept();
    const { deleted } = await deleteExpired(storeOf(api), undefined, 1_000);
    expect(deleted).toBeGreaterThan(2);
    await kept();
    expect(verifyItems(await api.items(), api.runtime.clock.now())).toEqual([]);
    pass(2 * DAY);
    await gone(api, late, EXPIRED);
    // Who begins anew begins at the end.
    expect((await followAll(api)).events).toEqual([]);
  }));

test("a cursor that is ahead of the table is told so", () =>
  withApi(async (api) => {
    await hostOf(api);
    const { next } = await followAll(api);
    const [epoch = "", ...numbers] = next.split("_");
    await gone(api, [epoch, ...numbers.map(() => 1_000)].join("_"), EXPIRED);
  }));

test("since: events from a time on, found by halving", () =>
  withApi(async (api, pass) => {
    const host = await hostOf(api);
    const times: number[] = [];
    const consumers = Array.from({ length: 40 }, () => randomUUID());
    for (const consumer of consumers) {
      pass(60_000);
      times.push(api.runtime.clock.now());
      await claim(api, consumer, { [host]: { VCPU: 1 } });
      await feedAll(api);
    }
    for (const index of [0, 1, 17, 38, 39]) {
      const since = encodeURIComponent(new Date(times[index] ?? 0).toISOString());
      const { events } = await followAll(api, { more: `&since=${since}` });
      expect(new Set(events.map(({ subject }) => subject))).toEqual(
        new Set(consumers.slice(index)),
      );
    }
    const later = new Date(api.runtime.clock.now() + 1_000).toISOString();
    expect((await follow(api, `?since=${encodeURIComponent(later)}`)).events).toEqual([]);
  }));
