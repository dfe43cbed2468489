/** What the simulation says of events that are missing, or one too many. */
import { expect, test } from "vitest";
import type { Consumer } from "../../../lib/model/consumer.ts";
import { consumerItem } from "../../../lib/store/items/consumer.ts";
import { consumerEventKey, END, eventItem } from "../../../lib/store/items/event.ts";
import { randomUuid } from "../../support/uuids.ts";
import { brokenEvents } from "./check-events.ts";

const subject = randomUuid();
const life = { created: 5, id: randomUuid() };

function event(from: number | null, to: number | null) {
  const part = to === null ? END : ([] as const);
  const key = consumerEventKey(subject, life, { generation: to ?? from ?? 0, part });
  const told = {
    subject,
    event: "placement.consumer.update",
    generationBefore: from,
    generationAfter: to,
    changes: {},
    truncated: false,
    project: "p",
    caller: null,
    requestId: null,
    cause: "request",
    time: 5,
    change: undefined,
  } as const;
  return eventItem(key, told, 10_000);
}

const stored = (generation: number) =>
  consumerItem({
    uuid: subject,
    generation,
    writeId: life.id,
    incarnation: life.id,
    project: "p",
    user: "u",
    type: null,
    allocations: new Map(),
    claimed: { at: 5, place: 0 },
    created: 5,
    updated: 5,
  } satisfies Consumer);

test.each([
  ["a life that goes on", [event(null, 1), event(1, 2), stored(2)]],
  ["a life that has ended", [event(null, 0), event(0, 1), event(1, null)]],
])("%s is whole", (_, items) => {
  expect(brokenEvents(items)).toEqual([]);
});

test.each([
  ["without its beginning", [event(1, 2), stored(2)]],
  ["with a gap", [event(null, 1), event(2, 3), stored(3)]],
  ["without its last event", [event(null, 1), stored(2)]],
  ["without any event", [stored(1)]],
  ["that ends and is there", [event(null, 1), event(1, null), stored(1)]],
  ["that is not told to have ended", [event(null, 1)]],
  ["that goes on after its end", [event(null, 1), event(1, null), event(null, 1)]],
])("a life %s is broken", (_, items) => {
  expect(brokenEvents(items)).toHaveLength(1);
});
