/** Pages of a history, bounds of time, what it keeps, and since when it is complete. */
import { randomUUID } from "node:crypto";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { beforeAll, describe, expect, test } from "vitest";
import { operations } from "../../functions/index.ts";
import { DEFAULT_CONFIGURATION } from "../../lib/api/configuration.ts";
import { HISTORY_KEPT } from "../../lib/store/items/history-kept.ts";
import { GAP, ROLLOUT } from "../../lib/store/maintenance/history-kept.ts";
import { startApi } from "../support/api.ts";
import { callDirectly } from "../support/direct.ts";
import { expectRefusal } from "../support/expect-refusal.ts";
import { fastClock } from "../support/fast-clock.ts";
import { useApi } from "../support/frame.ts";
import { historyOf, historyPath, type Kind, type ShownEvent, steps } from "../support/history.ts";
import { leaseRequests } from "../support/leases.ts";
import { claim, makeProvider, release } from "../support/world.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const clock = fastClock(1_800_000_000_000);
const api = useApi({ clock });
const { sweep } = leaseRequests(() => api);
let host: string;
/** With six events, an hour between two of them: three lives. */
let consumer: string;
let times: readonly number[];

beforeAll(async () => {
  host = await makeProvider(api, { VCPU: 100 });
  consumer = randomUUID();
  for (let life = 0; life < 3; life += 1) {
    await claim(api, consumer, { [host]: { VCPU: 1 } });
    clock.pass(HOUR);
    await release(api, consumer);
    clock.pass(HOUR);
  }
  times = (await of("consumers", consumer)).map(({ time }) => Date.parse(time));
});
const of = (kind: Kind, uuid: string, query = "") => historyOf(api, kind, uuid, { query });
const page = async (kind: Kind, uuid: string, query: string) =>
  (await api.request("GET", historyPath(kind, uuid, query))).body;

/** All events, by pages of `limit`. */
async function walked(kind: Kind, uuid: string, limit: number, more = ""): Promise<ShownEvent[][]> {
  const pages: ShownEvent[][] = [];
  let marker = "";
  for (let read = 0; read < 100; read += 1) {
    const { events, next_marker: next } = await page(kind, uuid, `?limit=${limit}${more}${marker}`);
    pages.push(events);
    if (next === null) return pages;
    marker = `&marker=${next}`;
  }
  throw new Error("the walk does not end");
}

describe("pages", () => {
  test.each([1, 2, 4, 5, 6, 7, 1_000])(
    "of %d show each event once, in their order",
    async (limit) => {
      const all = await of("consumers", consumer);
      const pages = await walked("consumers", consumer, limit);
      expect(pages.flat()).toEqual(all);
      expect(pages.map(({ length }) => length)).toEqual(
        Array.from({ length: Math.ceil(6 / limit) }, (_, index) =>
          Math.min(limit, 6 - index * limit),
        ),
      );
    },
  );

  test("of a provider go on, too", async () => {
    const uuid = await makeProvider(api, { VCPU: 1 });
    for (let index = 0; index < 4; index += 1) {
      clock.pass(1_000);
      const body = { name: `${uuid}-${index}` };
      expect((await api.request("PUT", `/resource_providers/${uuid}`, { body })).status).toBe(200);
    }
    const all = await of("resource_providers", uuid);
    expect(all.map(({ changes }) => changes["name"]?.after).slice(2)).toEqual(
      [0, 1, 2, 3].map((index) => `${uuid}-${index}`),
    );
    expect((await walked("resource_providers", uuid, 2)).flat()).toEqual(all);
  });

  test("of a consumer and a provider of one uuid are their own", async () => {
    const uuid = await makeProvider(api, { VCPU: 1 });
    await claim(api, uuid, { [host]: { VCPU: 1 } });
    expect(steps(await of("consumers", uuid))).toEqual(["allocation.create null>1"]);
    // The clock stands still: those of one moment are in any order.
    expect(steps(await of("resource_providers", uuid)).sort()).toEqual([
      "inventory.update 0>1",
      "resource_provider.create null>0",
    ]);
  });

  test("do not begin after what is no marker of a history", async () => {
    const { body } = await api.request("GET", "/consumers?project_id=project&limit=1");
    for (const marker of ["AAAA", body.next_marker ?? "eA"]) {
      const answer = await api.request(
        "GET",
        historyPath("consumers", consumer, `?marker=${marker}`),
      );
      const message = "Invalid query string parameters: 'marker' is no next_marker of such a list";
      expect(answer.status).toBe(400);
      expect(answer.body.errors[0].detail).toContain(message.slice(0, 30));
    }
  });
});

describe("bounds of time", () => {
  const at = (time: number) => encodeURIComponent(new Date(time).toISOString());

  test.each([0, 1, 2, 3, 4, 5])("include both ends: event %d", async (index) => {
    const time = times[index] ?? 0;
    const all = await of("consumers", consumer);
    const one = [all[index]];
    expect(await of("consumers", consumer, `?from=${at(time)}&to=${at(time)}`)).toEqual(one);
    expect(await of("consumers", consumer, `?from=${at(time)}`)).toEqual(all.slice(index));
    expect(await of("consumers", consumer, `?to=${at(time)}`)).toEqual(all.slice(0, index + 1));
    expect(await of("consumers", consumer, `?to=${at(time - 1)}`)).toEqual(all.slice(0, index));
    expect(await of("consumers", consumer, `?from=${at(time + 1)}`)).toEqual(all.slice(index + 1));
  });

  test("of a provider, and together with pages", async () => {
    const uuid = await makeProvider(api, { VCPU: 1 });
    const began = clock.now();
    clock.pass(HOUR);
    await api.request("PUT", `/resource_providers/${uuid}`, { body: { name: `late-${uuid}` } });
    const bounds = `&from=${at(began + 1_000)}&to=${at(clock.now())}`;
    expect(steps((await walked("resource_providers", uuid, 1, bounds)).flat())).toEqual([
      "resource_provider.update 1>1",
    ]);
    expect(await of("resource_providers", uuid, `?to=${at(began - HOUR)}`)).toEqual([]);
    const empty = `?from=${at(clock.now())}&to=${at(began)}`;
    expect(await of("resource_providers", uuid, empty)).toEqual([]);
  });

  test("are times", async () => {
    for (const query of ["?from=yesterday", "?to=2026", "?since=1", "?limit=0"]) {
      const answer = await api.request("GET", historyPath("consumers", consumer, query));
      expectRefusal(answer, { status: 400, message: /./ });
    }
  });
});

test("an unknown subject has no history", async () => {
  for (const kind of ["consumers", "resource_providers"] as const) {
    expect(await of(kind, randomUUID())).toEqual([]);
  }
});

test("a direct caller is named by what it calls itself, and reads as over HTTP", async () => {
  const uuid = randomUUID();
  const find = (id: string) => {
    const found = operations.find((each) => each.id === id);
    if (found === undefined) throw new Error(id);
    return found;
  };
  for (const caller of ["nova", undefined]) {
    const [replace, show] = [find("allocations/replace"), find("history/show-by-consumer")];
    const body = {
      allocations: { [host]: { resources: { VCPU: 1 } } },
      project_id: "p",
      user_id: "u",
      consumer_type: "X",
      consumer_generation: caller === undefined ? 1 : null,
    };
    const parameters = { consumer_uuid: uuid };
    const named = caller === undefined ? {} : { caller };
    await callDirectly(api, replace, { version: "1.39", parameters, body, ...named });
    const answer = await callDirectly(api, show, { version: "1.0", parameters });
    const events = answer.body?.["events"] as readonly ShownEvent[];
    expect(events).toEqual(await of("consumers", uuid));
    expect(events.at(-1)?.caller).toEqual({ kind: "direct", user: caller ?? "direct" });
  }
});

describe("what is kept", () => {
  test("events are shown for as many days as are configured, and not longer", async () => {
    const uuid = randomUUID();
    await claim(api, uuid, { [host]: { VCPU: 1 } });
    clock.pass(DEFAULT_CONFIGURATION.historyDays * DAY - 2_000);
    await release(api, uuid);
    expect(steps(await of("consumers", uuid))).toHaveLength(2);
    clock.pass(3_000);
    expect(steps(await of("consumers", uuid))).toEqual(["allocation.delete 1>null"]);
    // DynamoDB has not deleted it yet.
    const stored = (await api.items()).filter(({ pk }) => pk === `EVENT#${uuid}`);
    expect(stored).toHaveLength(2);
  });

  test("a server whose history is off writes none, and shows those that are kept", async () => {
    const off = await startApi({
      tableName: api.tableName,
      clock,
      configuration: { historyDays: 0 },
    });
    try {
      const uuid = randomUUID();
      await claim(off, uuid, { [host]: { VCPU: 1 } });
      await claim(api, uuid, { [host]: { VCPU: 2 } }, 1);
      for (const each of [off, api]) {
        expect(steps(await historyOf(each, "consumers", uuid))).toEqual(["allocation.update 1>2"]);
      }
    } finally {
      await off.close();
    }
  });
});

describe("since when it is complete", () => {
  const since = async () => (await page("consumers", consumer, "")).complete_since;
  const timeOf = (time: number) => new Date(time).toISOString();

  test("is unknown before the task has run, and while functions of an older release may write", async () => {
    expect(await since()).toBe(null);
    await sweep();
    const begun = clock.now() + ROLLOUT;
    expect(await since()).toBe(null);
    while (clock.now() < begun) {
      clock.pass(GAP);
      await sweep();
    }
    expect(await since()).toBe(timeOf(begun));
  });

  test("is now, where no other function writes, after a gap in which others may have written", async () => {
    const before = await since();
    clock.pass(GAP);
    await sweep({ alone: true });
    expect(await since()).toBe(before);
    clock.pass(GAP + 1);
    await sweep({ alone: true });
    expect(await since()).toBe(timeOf(clock.now()));
    clock.pass(30_000);
    const now = await since();
    await sweep({ alone: true });
    expect(await since()).toBe(now);
  });

  test("is not before what is kept", async () => {
    const [since, seen] = [clock.now() - 100 * DAY, clock.now()];
    const Item = { ...HISTORY_KEPT, since, seen };
    await api.client.send(new PutCommand({ TableName: api.tableName, Item }));
    const { body } = await api.request("GET", historyPath("consumers", consumer));
    const { historyDays } = DEFAULT_CONFIGURATION;
    expect(body.complete_since).toBe(timeOf(clock.now() - historyDays * DAY));
  });

  test("ends when the history is switched off, and begins anew", async () => {
    const off = await startApi({
      tableName: api.tableName,
      clock,
      configuration: { historyDays: 0 },
    });
    try {
      await leaseRequests(() => off).sweep();
      expect(await since()).toBe(null);
      await sweep({ alone: true });
      expect(await since()).toBe(timeOf(clock.now()));
    } finally {
      await off.close();
    }
  });
});
