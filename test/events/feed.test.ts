/** The feed: what is in it, in which order, and how far a follower has read it. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { feedPartitionOf } from "../../lib/store/items/feed.ts";
import { bySubject, eventsPath, feedAll, follow, followAll } from "../support/events-feed.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { useApi } from "../support/frame.ts";
import { historyOf, steps } from "../support/history.ts";
import { REPEATS } from "../support/repeats.ts";
import { uuidOf } from "../support/uuids.ts";
import { claim, makeProvider, release } from "../support/world.ts";

describe.each(REPEATS)("where writes are repeated by %s", (repeats) => {
  const api = useApi({ events: "left", repeats });
  const partitionOf = (uuid: string) => feedPartitionOf(uuidOf(uuid));
  let host: string;
  const consumers = Array.from({ length: 12 }, () => randomUUID());

  beforeAll(async () => {
    host = await makeProvider(api, { VCPU: 1_000 });
    for (const consumer of consumers) {
      await claim(api, consumer, { [host]: { VCPU: 1 } });
      await release(api, consumer);
      await claim(api, consumer, { [host]: { VCPU: 2 } });
    }
  });

  test("nothing is in the feed before it was brought there, and then all is, once", async () => {
    const before = await follow(api);
    expect(before.events).toEqual([]);
    const fed = await feedAll(api);
    expect(fed).toBe(2 + 3 * consumers.length);
    const { events } = await followAll(api, { after: before.next });
    expect(events).toHaveLength(fed);
    expect(new Set(events.map(({ id }) => id)).size).toBe(fed);
    expect(await feedAll(api)).toBe(0);
  });

  test("it has each subject's events in the order of its history, and as it shows them", async () => {
    const { events } = await followAll(api);
    const subjects = bySubject(events);
    for (const consumer of consumers) {
      const history = await historyOf(api, "consumers", consumer);
      expect(subjects.get(consumer)).toEqual(history);
      expect(steps(history)).toEqual([
        "allocation.create null>1",
        "allocation.delete 1>null",
        "allocation.create null>1",
      ]);
    }
    expect(subjects.get(host)).toEqual(await historyOf(api, "resource_providers", host));
  });

  describe("pages", () => {
    test.each([1, 2, 7, 1_000])("of %d events show each once", async (limit) => {
      const all = await followAll(api);
      const paged = await followAll(api, { limit });
      expect(paged.events).toEqual(all.events);
      expect(paged.next).toBe(all.next);
    });

    test("of one subject", async () => {
      // In another partition than the host, of whose events that cursor then tells nothing.
      const consumer = consumers.find((each) => partitionOf(each) !== partitionOf(host));
      const all = await historyOf(api, "consumers", consumer ?? "");
      const { events, next } = await followAll(api, { limit: 1, more: `&subject=${consumer}` });
      expect(events).toEqual(all);
      // With that cursor, the others are read from their beginnings.
      const others = await followAll(api, { after: next });
      expect(others.events.map(({ subject }) => subject)).not.toContain(consumer);
      expect(others.events.map(({ subject }) => subject)).toContain(host);
    });
  });

  test("a follower goes on where it was", async () => {
    const { next } = await followAll(api);
    const consumer = randomUUID();
    await claim(api, consumer, { [host]: { VCPU: 1 } });
    expect((await follow(api, `?after=${next}`)).events).toEqual([]);
    await feedAll(api);
    const { events, next: then } = await follow(api, `?after=${next}`);
    expect(events.map(({ subject }) => subject)).toEqual([consumer]);
    expect((await follow(api, `?after=${then}`)).events).toEqual([]);
    expect((await follow(api, `?after=${next}`)).events).toEqual(events);
  });

  test("what is no cursor of events is refused", async () => {
    for (const after of [
      "x",
      "_",
      "_1_2_3_4_5_6_7_x",
      "_1_2_3_4_5_6_7_-1",
      "_1_2_3_4_5_6_7",
      "A",
    ]) {
      const answer = await api.request("GET", eventsPath(`?after=${after}`));
      expect([after, answer.status]).toEqual([after, 400]);
    }
    const answer = await api.request("GET", eventsPath("?after=_1_2_3_4_5_6_7"));
    const message = "Invalid query string parameters: 'after' is no cursor of events";
    expectRefusal(answer, { status: 400, message });
  });
});
