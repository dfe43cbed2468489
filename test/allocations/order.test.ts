/** The order in which allocations are shown: that of their writing, whichever function reads. */
import { randomUUID } from "node:crypto";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAX_ORDERED, orderHint } from "../../lib/store/items/allocation-order.ts";
import { consumerOf } from "../../lib/store/items/consumer.ts";
import type { Item } from "../../lib/store/table/item.ts";
import { list } from "../support/allocation-requests.ts";
import { type Api, startApi } from "../support/api.ts";
import { type FastClock, fastClock } from "../support/fast-clock.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { numberedUuid } from "../support/providers.ts";
import { claim, claimBody, type Held, makeProvider, OWNER, release } from "../support/world.ts";

let clock: FastClock;
let api: Api;
/** A function of the same table that has written nothing. */
let other: Api;
const CLASSES = { VCPU: 10_000, MEMORY_MB: 10_000, DISK_GB: 10_000, PCPU: 10_000 };
/** In the order of their uuids. */
const [A, B, C] = [numberedUuid(1), numberedUuid(2), numberedUuid(3)] as const;

beforeAll(async () => {
  clock = fastClock();
  api = await startApi({ clock });
  other = await startApi({ tableName: api.tableName });
  for (const uuid of [B, C, A]) await makeProvider(api, CLASSES, { uuid });
});
afterAll(async () => {
  expect(brokenInvariants(await api.items())).toEqual([]);
  await other.close();
  await api.close();
});

/** Providers, each with its classes, as two functions show them. */
async function heldBy(consumer: string): Promise<[string, string[]][]> {
  const shown = await Promise.all(
    [api, other].map(async ({ request }) => {
      const { body } = await request("GET", `/allocations/${consumer}`);
      return Object.entries(body.allocations as Record<string, { resources: object }>).map(
        ([provider, { resources }]): [string, string[]] => [provider, Object.keys(resources)],
      );
    }),
  );
  expect(shown[1]).toEqual(shown[0]);
  return shown[0] ?? [];
}

/** Consumers of a provider, as two functions show them. */
async function holdersOf(provider: string): Promise<string[]> {
  const path = `/resource_providers/${provider}/allocations`;
  const shown = await Promise.all([api, other].map(({ request }) => request("GET", path)));
  const lists = shown.map(({ body }) => Object.keys(body.allocations));
  expect(lists[1]).toEqual(lists[0]);
  return lists[0] ?? [];
}

const orderOf = (held: Held) =>
  Object.entries(held).map(([provider, amounts]) => [provider, Object.keys(amounts)]);

/** As `claim`, a millisecond later. */
async function put(consumer: string, held: Held, generation: number | null = null) {
  clock.pass(1);
  expect((await claim(api, consumer, held, generation)).status).toBe(204);
}

async function send(method: string, path: string, body: object) {
  clock.pass(1);
  const answer = await api.request(method, path, { body, roles: "admin,service" });
  expect(answer.status).toBeLessThan(300);
}

async function itemOf(consumer: string) {
  return (await api.items()).find(({ pk }) => pk === `CONSUMER#${consumer}`);
}

const ORDERS: readonly Held[] = [
  { [C]: { MEMORY_MB: 1, VCPU: 1 }, [A]: { VCPU: 1 }, [B]: { DISK_GB: 1, VCPU: 1, MEMORY_MB: 1 } },
  { [A]: { DISK_GB: 1, MEMORY_MB: 1, VCPU: 1 }, [B]: { VCPU: 1 }, [C]: { VCPU: 1 } },
  { [B]: { VCPU: 1, MEMORY_MB: 1 }, [A]: { VCPU: 1, MEMORY_MB: 1 } },
  { [A]: { VCPU: 1, MEMORY_MB: 1 }, [B]: { VCPU: 1 }, [C]: { VCPU: 1 } },
];

describe("what a consumer holds", () => {
  test("comes in the order of each write, from the first to the last", async () => {
    const consumer = randomUUID();
    for (const [index, held] of [...ORDERS, ...ORDERS.toReversed()].entries()) {
      await put(consumer, held, index === 0 ? null : index);
      expect(await heldBy(consumer)).toEqual(orderOf(held));
    }
  });

  test("the default order needs no hint, and takes away an older one", async () => {
    const [consumer, held] = [randomUUID(), ORDERS.at(-1) ?? {}];
    await put(consumer, ORDERS[0] ?? {});
    expect(await itemOf(consumer)).toHaveProperty("h");
    await put(consumer, held, 1);
    expect(await itemOf(consumer)).not.toHaveProperty("h");
    expect(await heldBy(consumer)).toEqual(orderOf(held));
  });

  test("in the list form too", async () => {
    const consumer = randomUUID();
    const allocations = list([C, { VCPU: 1 }], [A, { MEMORY_MB: 1, VCPU: 1 }], [B, { VCPU: 1 }]);
    const answer = await api.request("PUT", `/allocations/${consumer}`, {
      body: { allocations },
      version: "1.0",
    });
    expect(answer.status).toBe(204);
    expect(await heldBy(consumer)).toEqual([
      [C, ["VCPU"]],
      [A, ["MEMORY_MB", "VCPU"]],
      [B, ["VCPU"]],
    ]);
  });

  test("stays when only the consumer's owner or generation changes", async () => {
    const [consumer, held] = [randomUUID(), ORDERS[0] ?? {}];
    await put(consumer, held);
    await send("POST", `/consumers/${consumer}/generation`, { consumer_generation: 1 });
    await send("PUT", `/consumers/${consumer}`, { ...OWNER, user_id: "u", consumer_generation: 2 });
    expect(await heldBy(consumer)).toEqual(orderOf(held));
  });

  test("in changes of more items than one transaction holds too", async () => {
    const consumer = randomUUID();
    const others = Array.from({ length: 34 }, () => randomUUID());
    for (const [index, held] of ORDERS.entries()) {
      const generation = index === 0 ? null : index;
      const crowd = others.map((each) => [each, claimBody({ [A]: { VCPU: 1 } }, generation)]);
      const body = { [consumer]: claimBody(held, generation), ...Object.fromEntries(crowd) };
      await send("POST", "/allocations", body);
      expect(await heldBy(consumer)).toEqual(orderOf(held));
      expect((await holdersOf(A)).slice(-35)).toEqual([consumer, ...others]);
    }
    expect(await itemOf(consumer)).not.toHaveProperty("h");
  });

  test("is kept for so many providers and amounts, and not beyond", async () => {
    const consumer = randomUUID();
    await put(consumer, ORDERS[0] ?? {});
    const known = consumerOf((await itemOf(consumer)) as Item);
    const many = (count: number) =>
      new Map(
        Array.from({ length: count }, (_, n) => [numberedUuid(count - n), new Map([[0, 1]])]),
      );
    const most = Math.floor(MAX_ORDERED / 2);
    expect(orderHint({ ...known, allocations: many(most) })?.p).toHaveLength(most);
    expect(orderHint({ ...known, allocations: many(most + 1) })).toBeUndefined();
  });
});

describe("the consumers of a provider", () => {
  test("come in the order of their writes; one that is written again goes last", async () => {
    const uuid = await makeProvider(api, CLASSES);
    const given = Array.from({ length: 6 }, () => randomUUID());
    for (const consumer of given) await put(consumer, { [uuid]: { VCPU: 1 } });
    expect(await holdersOf(uuid)).toEqual(given);
    const [first = "", second = "", third = "", ...rest] = given;
    await put(second, { [uuid]: { VCPU: 1 } }, 1);
    expect(await holdersOf(uuid)).toEqual([first, third, ...rest, second]);
    await release(api, third);
    expect(await holdersOf(uuid)).toEqual([first, ...rest, second]);
  });

  test("of one request come in its order, and stay so when one changes its owner", async () => {
    const uuid = await makeProvider(api, CLASSES);
    const given = Array.from({ length: 5 }, () => randomUUID()).sort();
    const body = (generation: number | null) =>
      Object.fromEntries(
        given.map((each) => [each, claimBody({ [uuid]: { VCPU: 1 } }, generation)]),
      );
    for (const [index, consumers] of [given.toReversed(), given.toSorted()].entries()) {
      given.splice(0, given.length, ...consumers);
      await send("POST", "/allocations", body(index === 0 ? null : 3));
      const [first = "", , third = ""] = given;
      for (const consumer of [third, first]) {
        const generation = index === 0 ? 1 : 4;
        const path = `/consumers/${consumer}`;
        await send("POST", `${path}/generation`, { consumer_generation: generation });
        await send("PUT", path, { ...OWNER, user_id: "u", consumer_generation: generation + 1 });
      }
      for (const consumer of given) {
        if (consumer === first || consumer === third) continue;
        for (const generation of [0, 1]) {
          const now = (index === 0 ? 1 : 4) + generation;
          await send("POST", `/consumers/${consumer}/generation`, { consumer_generation: now });
        }
      }
      expect(await holdersOf(uuid)).toEqual(given);
    }
  });

  test("after a move in a reshape, and after one of more than a transaction's items", async () => {
    for (const count of [4, 60]) {
      const [from, to] = [await makeProvider(api, CLASSES), await makeProvider(api, CLASSES)];
      const given = Array.from({ length: count }, () => randomUUID());
      const held = (provider: string, generation: number | null) =>
        Object.fromEntries(
          given.map((each) => [
            each,
            claimBody({ [provider]: { MEMORY_MB: 1, VCPU: 1 } }, generation),
          ]),
        );
      await send("POST", "/allocations", held(from, null));
      expect(await holdersOf(from)).toEqual(given);
      given.reverse();
      await send("POST", "/reshaper", { inventories: {}, allocations: held(to, 1) });
      expect(await holdersOf(from)).toEqual([]);
      expect(await holdersOf(to)).toEqual(given);
      expect(await heldBy(given[count - 1] ?? "")).toEqual([[to, ["MEMORY_MB", "VCPU"]]]);
    }
  });
});

describe("a hint that an older function has left behind", () => {
  async function withHint(consumer: string, hint: unknown) {
    const key = { pk: `CONSUMER#${consumer}`, sk: "CONSUMER" };
    await api.client.send(
      new UpdateCommand({
        TableName: api.tableName,
        Key: key,
        ...(hint === undefined
          ? { UpdateExpression: "REMOVE h" }
          : { UpdateExpression: "SET h = :h", ExpressionAttributeValues: { ":h": hint } }),
      }),
    );
  }

  const held = { [A]: { MEMORY_MB: 1, VCPU: 1 }, [B]: { VCPU: 1 }, [C]: { VCPU: 1 } };
  const DEFAULT = [
    [A, ["VCPU", "MEMORY_MB"]],
    [B, ["VCPU"]],
    [C, ["VCPU"]],
  ];
  const gone = numberedUuid(99);

  test.each<[string, unknown, unknown]>([
    ["is absent", undefined, DEFAULT],
    ["names what is gone", { p: [gone, C, gone, B, A] }, [...DEFAULT].reverse()],
    ["lacks what has come", { p: [C] }, [DEFAULT[2], DEFAULT[0], DEFAULT[1]]],
    ["names one twice", { p: [B, B, A, B] }, [DEFAULT[1], DEFAULT[0], DEFAULT[2]]],
    [
      "lists classes",
      { k: { [A]: [7, 1], [gone]: [1] } },
      [[A, ["MEMORY_MB", "VCPU"]], ...DEFAULT.slice(1)],
    ],
    ["is a text", "h", DEFAULT],
    ["is null", null, DEFAULT],
    ["has other parts", { p: "C", k: [A], s: 7 }, DEFAULT],
    [
      "has other entries",
      { p: [1, null, { [C]: 1 }], k: { [A]: "01" }, s: [1, "x", null] },
      DEFAULT,
    ],
  ])("that %s", async (_, hint, order) => {
    const consumer = randomUUID();
    await put(consumer, held);
    await withHint(consumer, hint);
    expect(await heldBy(consumer)).toEqual(order);
    await put(consumer, ORDERS[0] ?? {}, 1);
    expect(await heldBy(consumer)).toEqual(orderOf(ORDERS[0] ?? {}));
  });

  test("a time and place of another generation count for nothing", async () => {
    const uuid = await makeProvider(api, CLASSES);
    const [first, second] = [randomUUID(), randomUUID()];
    for (const consumer of [first, second]) await put(consumer, { [uuid]: { VCPU: 1 } });
    await withHint(second, { s: [7, 1, 3] });
    await send("POST", `/consumers/${second}/generation`, { consumer_generation: 1 });
    expect(await holdersOf(uuid)).toEqual([first, second]);
  });
});
