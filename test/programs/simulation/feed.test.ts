/** What the simulation says of a feed that lacks an event, or has one too many. */
import { expect, test } from "vitest";
import { consumerEventKey } from "../../../lib/store/items/event.ts";
import { eventRef } from "../../../lib/store/items/event-ref.ts";
import { feedItem } from "../../../lib/store/items/feed-entry.ts";
import { pendingItem } from "../../../lib/store/items/pending-events.ts";
import { randomUuid } from "../../support/uuids.ts";
import { brokenFeed } from "./check-feed.ts";

const [subject, life] = [randomUuid(), { created: 5, id: randomUuid() }];
const keyOf = (generation: number) => consumerEventKey(subject, life, { generation, part: [] });
const told = [1, 2].map((generation) => ({ ...keyOf(generation), e: "placement.consumer.update" }));
const [first = "", second = ""] = told.map(eventRef);
const fed = (...events: readonly string[]) =>
  feedItem({ partition: 0, number: 1, events, appended: 1, expires: 1 });

test("a feed with each event once, in their order, is whole", () => {
  expect(brokenFeed([...told, fed(first, second)])).toEqual([]);
});

test.each([
  ["lacks an event", [fed(first)]],
  ["has one twice", [fed(first, first, second)]],
  ["has one that was never told", [fed(first, second, eventRef(keyOf(3)))]],
  ["turns their order", [fed(second, first)]],
])("one that %s is not", (_, items) => {
  expect(brokenFeed([...told, ...items])).toHaveLength(1);
});

test("nothing waits in the end", () => {
  const waiting = pendingItem({ time: 1, number: 1, process: "p" }, { events: [first], until: 1 });
  expect(brokenFeed([...told, fed(first, second), waiting])).toHaveLength(1);
});
