/** What is put on the bus: in parts that it takes, signed, and again what it did not take. */
import { describe, expect, test } from "vitest";
import { systemRandom } from "../../lib/api/system-random.ts";
import { type BusEvent, entryOf, MAX_BYTES, partsOf, sizeOf } from "../../lib/store/bus/entries.ts";
import { EventsNotTaken, eventBus } from "../../lib/store/bus/event-bus.ts";
import type { Carrier, RawAnswer } from "../../lib/store/table/wire/transport.ts";
import { fastClock } from "../support/fast-clock.ts";

const event = (id: number, size = 100): BusEvent => ({
  event: "placement.allocation.create",
  document: { id, changes: { text: "x".repeat(size) } },
  time: 1_800_000_000_500,
});
const events = (count: number, size?: number) =>
  Array.from({ length: count }, (_, index) => event(index, size));

const answer = (status: number, body: unknown): RawAnswer => ({
  status,
  header: () => undefined,
  body: JSON.stringify(body),
});

interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly ids: readonly number[];
}

/** A bus that answers each request by `reply`. */
function busWith(reply: (ids: readonly number[], request: number) => RawAnswer | Error) {
  const sent: Sent[] = [];
  const carrier: Carrier = {
    post: async (headers, body) => {
      const { Entries: entries } = JSON.parse(body) as { Entries: { Detail: string }[] };
      const ids = entries.map(({ Detail }) => JSON.parse(Detail).id as number);
      sent.push({ headers, ids });
      const given = reply(ids, sent.length);
      if (given instanceof Error) throw given;
      return given;
    },
    destroy: () => undefined,
  };
  const clock = fastClock();
  const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
  const bus = eventBus({
    name: "placement",
    access: () => ({
      endpoint: "https://events.eu-west-1.amazonaws.com",
      region: "eu-west-1",
      credentials,
    }),
    clock,
    random: systemRandom,
    carry: () => carrier,
  });
  const put = (given: readonly BusEvent[], limit = 60_000) => bus.put(given, clock.now() + limit);
  return { sent, put };
}

const takes = (ids: readonly number[], refused: readonly number[] = []) =>
  answer(200, {
    FailedEntryCount: refused.length,
    Entries: ids.map((id) =>
      refused.includes(id) ? { ErrorCode: "ThrottlingException" } : { EventId: `${id}` },
    ),
  });

test("ten events go in one request, which is signed for EventBridge", async () => {
  const { sent, put } = busWith((ids) => takes(ids));
  await put(events(23));
  expect(sent.map(({ ids }) => ids.length)).toEqual([10, 10, 3]);
  expect(sent.flatMap(({ ids }) => ids)).toEqual(events(23).map((_, index) => index));
  expect(sent[0]?.headers).toMatchObject({
    "x-amz-target": "AWSEvents.PutEvents",
    "content-type": "application/x-amz-json-1.1",
    authorization: expect.stringContaining("/eu-west-1/events/aws4_request"),
  });
});

test("what is not taken is put again, and nothing else", async () => {
  const { sent, put } = busWith((ids, request) => takes(ids, request === 1 ? [2, 5] : []));
  await put(events(8));
  expect(sent.map(({ ids }) => ids)).toEqual([
    [0, 1, 2, 3, 4, 5, 6, 7],
    [2, 5],
  ]);
});

test.each([
  ["takes some never", (ids: readonly number[]) => takes(ids, [1]), "ThrottlingException"],
  ["refuses", () => answer(400, { __type: "AccessDeniedException" }), "400"],
  ["does not answer", () => new Error("no connection"), "no connection"],
  ["answers less", () => answer(200, { Entries: [] }), "no result"],
])("a bus that %s is asked five times at most, and then all fails", async (_, reply, reason) => {
  const { sent, put } = busWith(reply);
  await expect(put(events(2))).rejects.toThrow(EventsNotTaken);
  expect(sent).toHaveLength(5);
  await expect(busWith(reply).put(events(2))).rejects.toThrow(reason);
});

test("nothing is put again after the time is over", async () => {
  const { sent, put } = busWith(() => answer(500, {}));
  await expect(put(events(1), 0)).rejects.toThrow(EventsNotTaken);
  expect(sent).toHaveLength(1);
});

describe("sizes", () => {
  test("a request has no more bytes than it may have", () => {
    const entries = events(7, 100_000).map((each) => entryOf(each, "placement"));
    expect(partsOf(entries).map(({ length }) => length)).toEqual([2, 2, 2, 1]);
  });

  test("an event that is too large is put there without its changes", () => {
    const entry = entryOf(event(1, MAX_BYTES), "placement");
    expect(sizeOf(entry)).toBeLessThan(1_000);
    expect(JSON.parse(entry.Detail)).toEqual({ id: 1, changes: {}, truncated: true });
    const just = entryOf(event(1, MAX_BYTES - 1_000), "placement");
    expect(JSON.parse(just.Detail)).not.toHaveProperty("truncated");
  });
});
